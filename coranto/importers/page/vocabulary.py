"""A small table of what news sites call things, as supporting evidence: the shape of a page decides.

Phrases stand between bars, folded when they are read in. Nothing here belongs to one site.
"""
# ruff: noqa: E501, RUF001 - real words of many scripts, to be read across

from __future__ import annotations

import re
from typing import Final

from coranto.importers.page.folding import fold


def _phrases(text: str) -> frozenset[str]:
    return frozenset(fold(each) for each in re.split(r"[|\n]", text) if each.strip())


PUBLISHED: Final = _phrases("""
published|published on|posted|posted on|on|updated|last updated|updated on|date|publicado|publicado el|el|actualizado|fecha
publie|publié le|le|mis à jour|mis à jour le|date|veröffentlicht|veröffentlicht am|erschienen|erschienen am|am|vom
aktualisiert|stand|datum|pubblicato|pubblicato il|il|aggiornato|aggiornato il|publicado em|em|atualizado|atualizado em
gepubliceerd|gepubliceerd op|op|bijgewerkt|opublikowano|data publikacji|dnia|zaktualizowano|опубликовано|дата|обновлено
опубліковано|publicerad|den|uppdaterad|publisert|udgivet|julkaistu|publikováno|dne|megjelent|yayınlandı|yayın tarihi|tarihinde
نشر|نشر في|في|بتاريخ|تاريخ النشر|تم النشر|פורסם|ב|公開日|发布|发布于|发表于|發布於|게시|publicat|pe|objavljeno|δημοσιεύτηκε|στις
منتشر شده|در|प्रकाशित|diterbitkan|pada|đăng|ngày
""")
VIEWS: Final = _phrases("""
views|view|reads|times read|page views|pageviews|visitas|vistas|lecturas|visualizaciones|vues|vue|lectures|consultations|aufrufe
ansichten|gelesen|mal gelesen|leser|klicks|visualizzazioni|visite|letture|lettori|visualizações|visualizacoes|leituras
weergaven|keer bekeken|keer gelezen|bekeken|wyświetleń|wyświetlenia|odsłon|odsłony|odczytów|просмотров|просмотры|просмотра
прочтений|переглядів|visningar|visninger|katselukerrat|katselua|zobrazení|přečteno|megtekintés|görüntülenme|görüntüleme|okunma
مشاهدة|مشاهدات|المشاهدات|قراءة|זפיות|צפיות|閲覧数|浏览|阅读|瀏覽|조회|조회수|vizualizări|προβολές|بازدید|दृश्य|tayangan|lượt xem
""")
NOT_VIEWS: Final = _phrases("""
comments|comment|replies|shares|share|likes|minutes|min|min read|minute read|comentarios|comentários|commentaires|kommentare
kommentar|commenti|reacties|komentarzy|komentarze|комментариев|комментарии|تعليق|تعليقات|partages|compartidos|condivisioni
geteilt|minuten|minutos|minuti|minut|минут|دقيقة|dakika|followers|abonnés|seguidores|votes|words|palabras|wörter|mots
""")
BY: Final = _phrases("""
by|written by|authored by|author|words by|story by|reported by|submitted by|posted by|por|escrito por|autor|autora|de|par
écrit par|rédigé par|auteur|signé|von|verfasst von|geschrieben von|autorin|text|text von|di|scritto da|da|autore|a cura di|redatto da
door|geschreven door|napisał|napisała|przez|tekst|autorstwa|автор|от|написал|текст|av|skriven av|skrevet av|af|skrevet af
kirjoittanut|autoři|napsal|írta|szerző|yazan|yazar|tarafından|بقلم|كتبه|كتب|تأليف|كتابة|מאת|文|作者|저자|글|de către|συγγραφέας|του
نوشته|लेखक|oleh|bởi
""")
VIA: Final = _phrases("""
via|source|from|through|originally published by|originally published at|first published by|vía|a través de|fuente|publicado en
source|paru dans|quelle|über|aus|erschienen bei|erschienen in|fonte|tramite|su|attraverso|através de|pela|no|bron|uit|źródło|za
источник|через|из|källa|genom|kilde|gennem|lähde|zdroj|přes|forrás|kaynak|aracılığıyla|المصدر|عبر|عن|من|מקור|דרך|来源|出典|経由|출처|sursa|prin|πηγή|μέσω|sumber
""")
OPINION: Final = _phrases("""
op-ed|oped|op ed|opinion|commentary|guest essay|opinión|tribuna|columna|tribune|opinion|point de vue|libre propos
meinung|gastbeitrag|gastkommentar|kommentar|meinungsbeitrag|essay|opinione|commento|editoriale|opinião|artigo de opinião
coluna|opinie|opiniestuk|column|opinia|felieton|komentarz|мнение|колонка|комментарий|думка|debatt|debattartikel|krönika
kronik|mielipide|názor|komentář|vélemény|görüş|yorum|رأي|مقال رأي|تعليق|דעה|评论|観点|의견|opinie|άποψη|γνώμη|نظر
""")
CARD: Final = _phrases("""
breaking|breaking news|just in|read also|read more|see also|related|also read|más|última hora|lea también|lee también
relacionado|alerte|dernière minute|à lire aussi|lire aussi|flash|urgent|eilmeldung|lesen sie auch|auch interessant
mehr zum thema|siehe auch|ultim'ora|ultima ora|leggi anche|correlati|urgente|última hora|leia também|veja também|lees ook
laatste nieuws|net binnen|z ostatniej chwili|pilne|czytaj także|zobacz też|срочно|молния|читайте также|терміново|läs också|just nu
les også|læs også|lue myös|čtěte také|olvassa el|son dakika|ayrıca okuyun|عاجل|اقرأ أيضا|اقرأ المزيد|מבזק|קראו גם|速報|快讯|속보
citește și|έκτακτο|διαβάστε επίσης|فوری
""")
CAPTION: Final = _phrases("""
photo|photos|image|images|picture|pictures|caption|video still|file photo|foto|fotos|imagen|imágenes|fotografía|fotografías
photo d'archives|images|cliché|légende|bild|bilder|aufnahme|aufnahmen|archivbild|symbolbild|immagine|immagini|fotografia
fotografias|imagem|imagens|beeld|beelden|foto's|zdjęcie|zdjęcia|fot|фото|фотография|фотографии|снимок|снимки|світлина|kuva|bilde
billede|snímek|fotó|kép|fotoğraf|fotoğraflar|görsel|صورة|صور|الصورة|תמונה|תמונות|写真|图片|圖片|사진|imagine|φωτογραφία|عکس|गैलरी
""")
AD: Final = _phrases("""
advertisement|advertisements|ad|ads|advertising|sponsored|sponsored content|promoted|publicidad|anuncio|anuncios|patrocinado
publicité|annonce|sponsorisé|contenu sponsorisé|anzeige|anzeigen|werbung|gesponsert|pubblicità|annuncio|sponsorizzato
publicidade|anúncio|advertentie|advertenties|reclame|gesponsord|reklama|ogłoszenie|artykuł sponsorowany|реклама|annons
annonse|annoncer|mainos|inzerce|hirdetés|reklam|ilan|إعلان|إعلانات|פרסומת|広告|广告|廣告|광고|publicitate|διαφήμιση|آگهی|विज्ञापन|iklan|quảng cáo
""")
# What stands around an article: its presence says that the article has ended or has not begun.
FURNITURE: Final = _phrases("""
continue reading|read more|keep reading|show more|load more|leave a reply|leave a comment|click to comment|post a comment|comments|comment
add a comment|avatar|subscribe|notify of|newsletter|sign up|log in|login|sign in|register|share|share this|tweet|print|email|donate
quick donate|amount to donate|trending|most read|most popular|popular|related articles|related posts|recommended|you may also like|support us|connect with us
follow us|search|menu|home|skip to content|tags|topics|next|previous|next article|previous article|back to top|close|cookie settings|privacy policy|more|reply|save
seguir leyendo|sigue leyendo|leer más|haz clic para comentar|deja una respuesta|deja un comentario|comentarios|suscribirse|suscríbete|notificarme de|boletín
compartir|donar|donación rápida|tendencias|lo más leído|síguenos|buscar|menú|iniciar sesión|etiquetas|siguiente|anterior
lire la suite|continuer la lecture|continuer à lire|cliquez pour commenter|laisser un commentaire|laisser une réponse|commentaires|s'abonner|abonnez-vous|me notifier|partager
faire un don|don rapide|tendances|les plus lus|suivez-nous|rechercher|se connecter|infolettre|lettre d'information|étiquettes|suivant|précédent|rejoignez-nous
weiterlesen|weiter lesen|mehr lesen|zum kommentieren klicken|klicken zum kommentieren|kommentar hinterlassen|kommentar schreiben|antwort hinterlassen|schreibe einen kommentar|kommentare|abonnieren
benachrichtigen bei|benachrichtige mich|teilen|spenden|schnellspende|im trend|trends|beliebt|meistgelesen|folgen sie uns|folge uns|suche|anmelden|rundbrief|schlagwörter|weiter|zurück
continua a leggere|leggi tutto|leggi di più|clicca per commentare|lascia un commento|lascia una risposta|commenti|iscriviti|avvisami|condividi|dona|dona ora|donazione rapida|di tendenza|tendenze
i più letti|seguici|cerca|accedi|bollettino|continue lendo|continuar lendo|continuar a ler|leia mais|clique para comentar|deixe um comentário|deixe uma resposta|comentários|inscreva-se|subscrever|assinar|notificar-me de
compartilhar|partilhar|doar|doação rápida|em alta|tendências|mais lidas|siga-nos|entrar|boletim|lees verder|verder lezen|lees meer|klik om te reageren|laat een reactie achter|geef een reactie|reacties|abonneren
inschrijven|houd mij op de hoogte|melding bij|delen|doneer|doneren|snel doneren|populair|trending|meest gelezen|volg ons|zoeken|inloggen|nieuwsbrief|czytaj dalej|czytaj więcej|kliknij, aby skomentować|zostaw komentarz
dodaj komentarz|zostaw odpowiedź|komentarze|subskrybuj|powiadom o|udostępnij|wesprzyj|wpłać|przekaż darowiznę|szybka wpłata|popularne|na czasie|najczęściej czytane|obserwuj nas|śledź nas|szukaj|zaloguj|biuletyn
читать далее|читать дальше|подробнее|нажмите, чтобы прокомментировать|оставить комментарий|оставьте ответ|комментарии|подписаться|уведомлять о|поделиться|пожертвовать|быстрое пожертвование|популярное|в тренде|самое читаемое|мы в соцсетях
поиск|войти|рассылка|далее|назад|следите за нами|läs mer|fortsätt läsa|klicka för att kommentera|lämna ett svar|prenumerera|dela|donera|mest läst|följ oss|nyhetsbrev|les mer|legg igjen en kommentar|abonner|del|gi|mest lest|følg oss
læs mere|skriv en kommentar|støt|mest læste|følg os|lue lisää|jätä kommentti|tilaa|jaa|lahjoita|luetuimmat|seuraa meitä|číst dále|přidat komentář|odebírat|sdílet|přispět|nejčtenější|sledujte nás|olvass tovább|hozzászólás|feliratkozás
devamını oku|okumaya devam et|yorum yapmak için tıklayın|yorum yap|bir cevap yazın|yorumlar|abone ol|bana bildir|paylaş|bağış yap|hızlı bağış|trend|en çok okunan|bizi takip edin|ara|giriş|bülten
تابع القراءة|متابعة القراءة|أكمل القراءة|اقرأ المزيد|انقر للتعليق|اضغط للتعليق|اترك تعليقا|اترك ردا|أضف تعليقا|تعليقات|التعليقات|اشترك|اشتراك|أبلغني عن|إشعار|شارك|تبرع|تبرع سريع|الأكثر قراءة|الأكثر تداولا|الأكثر رواجا|رائج|تابعنا|تواصل معنا|بحث|تسجيل الدخول|النشرة البريدية
המשך לקרוא|הוסף תגובה|הירשמו|שתפו|תרמו|הנצפים ביותר|続きを読む|コメントする|购读|继续阅读|发表评论|订阅|分享|捐款|热门|계속 읽기|댓글|구독|공유|후원|인기
""")
SUPPORT: Final = _phrases("""
support|donate|donation|donations|gift|subscribe|newsletter|patron|member|join|channel|letter|apoya|apoyar|dona|donar|donaciones|suscríbete|boletín|únete|canal
soutenez|soutenir|don|dons|abonnez|adhérez|rejoignez|chaîne|infolettre|unterstützen|unterstütze|unterstützt|spende|spenden|spendest|abonnieren|abonniere|rundbrief|mitglied|newsletter|kanal
sostieni|sostenere|sostenete|donazione|donazioni|dona|iscriviti|iscrivetevi|abbonati|canale|bollettino|apoie|apoia|apoiar|doações|doação|assine|subscreva|inscreva|boletim|steun|steunen|doneer|donatie|giften|abonneer|nieuwsbrief|word lid
wesprzyj|wspieraj|wspierać|wsparcie|darowizny|darowizna|wpłaty|subskrybuj|dołącz|kanał|biuletyn|поддержите|поддержи|поддержать|пожертвования|подпишитесь|подписывайтесь|рассылку|канал|присоединяйтесь
stöd|stötta|prenumerera|støtt|tue|lahjoita|podpořte|podpoř|támogass|destekle|destekleyin|abone|bağış|bülten|ادعم|لدعم|دعم|تبرع|تبرعات|تبرعاتكم|اشترك|انضم|النشرة|قناتنا|תמכו|支持|支援|후원
""")
PLATFORMS: Final = _phrases("""
patreon|paypal|substack|steady|ko-fi|kofi|tipeee|liberapay|boosty|buymeacoffee|buy me a coffee|gofundme|subscribestar|locals|ulule|donorbox|flattr|opencollective|
betterplace|goteo|apoia.se|catarse|backme|petje.af|patronite|zrzutka|buycoffee|youtube|telegram|rumble|odysee|whatsapp|facebook|twitter|instagram|tiktok
""")
ARTICLE_WORDS: Final = frozenset(
    [
        "the",
        "der",
        "die",
        "das",
        "le",
        "la",
        "les",
        "el",
        "los",
        "las",
        "il",
        "lo",
        "gli",
        "i",
        "o",
        "a",
        "os",
        "as",
        "het",
        "de",
        "det",
        "den",
        "en",
    ]
)
# Labels over everything that is new, which are no sections.
LATEST: Final = _phrases("""
latest|latest news|newest|new|news feed|home|lo último|últimas noticias|à la une|dernières nouvelles|neueste|aktuell|aktuelles|ultime|ultime notizie
mais recentes|últimas|laatste nieuws|vandaag|najnowsze|aktualności|последнее|новое|новости|الأحدث|آخر الأخبار|senaste|siste|seneste|uusimmat
nejnovější|legfrissebb|son haberler|yeni|最新
""")
