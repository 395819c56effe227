"""An article in Arabic, invented, with what makes such a text difficult to set.

Latin names, figures, amounts, an address that ends with a slash, quotes within quotes, brackets, a list, a table with
numbers, a caption, and one paragraph that is English.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from paper import NOON, block, paragraph

if TYPE_CHECKING:
    from coranto.newsroom.models import Article

ENGLISH = "Nobody at Vane Lines answered our letters, and nobody at the harbour board has read them to this day."
HEADLINE = "WhatsApp يعلن موعد الترام: رسالة كل صباح لركاب الخط 2 قبل وصوله بخمس دقائق"
ADDRESS = "https://trams.example/line-2/"


def print_article(paper: Any) -> Article:
    """The article, in the first section of an Arabic paper, with three comments below it."""
    from coranto.comments.models import Comment
    from coranto.newsroom import operations

    draft = operations.ArticleDraft(
        headline=HEADLINE,
        slug="arabic",
        section=paper.section,
        standfirst="فكرة بسيطة من سائقة في مستودع الترام وفّرت على الناس ربع ساعة من الانتظار كل يوم، بلا كلفة تُذكر.",
        body=_body(paper),
        authors=[_author("سلمى النجار"), _author("Bruno Kellaway")],
        credits=[
            operations.CreditDraft(
                relation="translated-from",
                people=["Agnes Pellory", "Tom Ray"],
                outlet="Le Phare",
                original_url="https://phare.example/tram/",
                licence="CC BY-SA 4.0",
            )
        ],
        picture=paper.article.picture,
        first_published_at=NOON - timedelta(hours=1),
        updated_at=NOON,
    )
    article = operations.store_articles(drafts=[draft], by=None, now=NOON)[0]
    parent, path = None, ""
    for depth, (name, words) in enumerate(_COMMENTS, start=1):
        parent = Comment.objects.create(
            article=article,
            parent=parent,
            depth=depth,
            author_name=name,
            state="approved",
            html=f"<p>{words}</p>",
            written_at=NOON + timedelta(minutes=depth),
        )
        path += f"{parent.pk:012d}"
        Comment.objects.filter(pk=parent.pk).update(path=path)
    return article


_COMMENTS = [
    ("أم كريم", "منذ بدأت الرسائل لم أقف تحت المطر مرة واحدة. شكرًا للسائقة."),
    ("T. Pruett", "Does it work for line 3 as well?"),
    ("كريم", "ليس بعد. كتبوا لي من Vane Lines أن الخط 3 «قيد الدرس»."),
]


def _author(name: str) -> Any:
    from coranto.newsroom.models import Author

    fields = {"role": "مراسلة", "biography": f"{name}: يكتب عن المدينة وعن وسائل النقل فيها منذ أعوام."}
    return Author.objects.get_or_create(name=name, defaults={"slug": f"author-{Author.objects.count()}", **fields})[0]


def _body(paper: Any) -> list[dict[str, Any]]:
    points = [
        "إشعار واحد كل صباح، لا أكثر.",
        "لا يُحفظ رقم الهاتف أكثر من 30 يومًا.",
        "يمكن لأي راكب أن يوقف الخدمة بكلمة «كفى».",
    ]
    return [
        paragraph(
            "في السادسة والنصف من كل صباح، حين يخرج الترام الأول من مستودع الميناء، تضغط هدى السبع زرًا صغيرًا على "
            "هاتفها، فتصل إلى 1,240 راكبًا رسالة من سطر واحد: «الخط 2 عندكم بعد خمس دقائق». لا تطبيق، ولا إعلانات، "
            "ولا أسئلة."
        ),
        paragraph(
            "بدأت الفكرة في شتاء 2024، حين تعطّلت اللوحات الإلكترونية في 11 محطة ولم تجد شركة Vane Lines من يصلحها. "
            f"قالت السبع: «كنت أرى الناس <em>يقفون</em> تحت المطر (وبعضهم أعرفه بالاسم)، فقلت: لِمَ لا أخبرهم؟». "
            f"والجدول كله منشور على {ADDRESS} لمن يشاء."
        ),
        block("heading", {"text": "أربع كلمات تكفي", "level": "2"}),
        paragraph(
            'ويشرح المهندس <b>Anselm Roque</b>، الذي ساعدها في البرمجة، أن البرنامج كله لا يتجاوز 90 سطرًا، وأن <a href="'
            'https://code.example/tram">شيفرته متاحة للجميع</a>، وأن كلفته لا تزيد على €4.50 في الشهر، أي أقل من ثمن '
            "تذكرتين."
        ),
        block(
            "pull_quote",
            {"text": "كنت أرى الناس يقفون تحت المطر، فقلت: لِمَ لا أخبرهم؟", "attribution": "هدى السبع، سائقة ترام"},
        ),
        paragraph(ENGLISH),
        block(
            "quote",
            {
                "text": "<p>لا نمانع ما تفعله السيدة السبع خارج ساعات عملها، ونرجو أن تذكر في كل رسالة أن المواعيد «تقريبية».</p>",
                "attribution": "دائرة النقل، في كتاب مؤرّخ 4 آذار",
                "source_url": "https://records.example/letters/417/",
            },
        ),
        block("heading", {"text": "ما يعرفه الركّاب", "level": "3"}),
        block(
            "list",
            {
                "ordered": False,
                "items": [{"type": "item", "value": f"<p>{each}</p>", "id": str(n)} for n, each in enumerate(points)],
            },
        ),
        block(
            "picture",
            {
                "picture": paper.article.picture_id,
                "caption": "الترام الأول يغادر مستودع الميناء فجرًا، وخلفه رافعات الرصيف.",
                "credit": "Hal Winterbourne",
                "alt": "ترام أمام رافعات",
            },
        ),
        block(
            "table",
            {
                "data": [
                    ["المحطة", "الركّاب قبلًا", "الركّاب الآن", "التغيّر"],
                    ["Crane Wharf", "312", "405", "+29.8"],
                    ["سوق السمك", "288", "351", "+21.9"],
                    ["الجسر العتيق", "197", "190", "−3.6"],
                ],
                "cell": [],
                "mergeCells": [],
                "first_row_is_table_header": True,
                "first_col_is_header": True,
                "table_caption": "عدد الركّاب بين السابعة والثامنة صباحًا",
            },
        ),
        block("related", {"article": paper.article.pk, "label": ""}),
        block(
            "embed",
            {"url": "https://radio.example/episode", "title": "Night at the eel ramp", "provider": "Lantern TV"},
        ),
        paragraph("أما السبع فتقول إنها ستتوقف يوم تعود اللوحات إلى العمل، ثم تضحك وتضيف: «أي إنني لن أتوقف قريبًا»."),
    ]
