"""The one guarded fetcher: everything Coranto gets from an address somebody else wrote goes through here.

A server that fetches what it is told to can be made to ask its own network (server-side request forgery) or
to choke. So, for every request and every redirect of it:

- only http and https, only the ports given, no user name in the address, never from https back to http;
- the host name is resolved once, by us; each address it has must be allowed (by default: public), and the
  connection is made to one of these addresses and no other, so a name that changes its mind (DNS rebinding)
  gains nothing. TLS still verifies the certificate against the host name;
- one deadline for everything, name resolution and slow drips included; one limit for the body, counted after
  decompression; headers of 100 kB at most (httpcore's limit);
- no proxies and no settings from the environment, except SSL_CERT_FILE and SSL_CERT_DIR: certificates are
  verified against the system's trust store (`ssl.create_default_context`). No cookies are kept.

What is raised is a FetchError whose text may be shown to anybody: it names the host that was asked and
does not tell a forbidden address, an unknown name and a refused connection apart.

`accept="image/*"` includes SVG, which can carry scripts: who stores a picture must look at what it is.
"""

from coranto.kit.fetch.addresses import IPAddress, is_public
from coranto.kit.fetch.connections import Resolver, resolve
from coranto.kit.fetch.errors import FetchError, Kind
from coranto.kit.fetch.fetcher import WEB_PORTS, Fetched, FetchedInto, Fetcher, fetch

__all__ = [
    "WEB_PORTS",
    "FetchError",
    "Fetched",
    "FetchedInto",
    "Fetcher",
    "IPAddress",
    "Kind",
    "Resolver",
    "fetch",
    "is_public",
    "resolve",
]
