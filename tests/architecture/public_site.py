"""What Django has to say about Coranto on a public address: exit code 1 if anything we have no answer to."""

from __future__ import annotations

import os
import sys

ANSWERS = {
    "security.W005": "subdomains are not ours: whether all of them speak https is for their owner to say",
    "security.W008": "http is turned into https by whatever holds the certificate, in front of Django",
    "security.W019": "Wagtail shows an editor the preview of a page in a frame of its own",
    "security.W021": "browsers' preload lists are for the owner of the domain to ask for, as W005",
}


def main() -> int:
    os.environ["CORANTO_ORIGIN"] = "https://news.example"
    os.environ["DJANGO_SETTINGS_MODULE"] = "coranto.config.settings"
    import django
    from django.core.checks import run_checks

    django.setup()
    found = [each for each in run_checks(include_deployment_checks=True) if not each.is_silenced()]
    open_ones = [str(each) for each in found if each.id not in ANSWERS]
    gone = [each for each in ANSWERS if each not in {one.id for one in found}]
    sys.stdout.writelines(f"{each}\n" for each in open_ones)
    sys.stdout.writelines(f"{each} is answered here and no longer asked\n" for each in gone)
    return bool(open_ones or gone)


if __name__ == "__main__":
    sys.exit(main())
