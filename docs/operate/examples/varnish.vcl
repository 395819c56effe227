# Varnish 7 in front of Coranto. Debian's package `varnish` is enough; no further modules.
#
# Coranto is told of it by two settings:
#   CORANTO_FRONT_CACHE=varnish+http://127.0.0.1:6081     purges go there
#   CORANTO_TRUSTED_PROXIES=127.0.0.1                     its word is believed
# The edge then keeps nothing itself and lets Varnish put the fragments in.

vcl 4.1;

import std;

backend coranto {
    .host = "127.0.0.1";
    .port = "8000";
    .first_byte_timeout = 60s;
    .probe = {
        .url = "/-/health/";
        .interval = 2s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# Who may have pages forgotten: the machines Coranto runs on.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE" || req.method == "BAN") {
        if (client.ip !~ purgers) {
            return (synth(405, "Not allowed"));
        }
        if (req.method == "BAN") {
            if (std.ban("obj.status != 0")) {
                return (synth(200, "Everything is forgotten"));
            }
        } elseif (req.http.xkey-purge ~ "[^ ]" && std.ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.xkey-purge, " +", "|") + ")(\s|$)")) {
            return (synth(200, "Forgotten"));
        }
        return (synth(400, std.ban_error()));
    }

    # What only we may say.
    unset req.http.Surrogate-Control;
    unset req.http.Coranto-Entitlement;
    set req.http.Surrogate-Capability = {"varnish="ESI/1.0""};
    if (req.esi_level == 0 && client.ip !~ purgers) {
        # Whoever ends TLS in front of Varnish on this machine says it; nobody else.
        set req.http.X-Forwarded-Proto = "http";
    }

    # Parameters that are for counting visits, not for making pages.
    if (req.url ~ "[?&](utm_[a-z]+|fbclid|gclid|mc_[ce]id)=") {
        set req.url = regsuball(req.url, "(utm_[a-z]+|fbclid|gclid|mc_[ce]id)=[^&]*&?", "");
        set req.url = regsub(req.url, "[?&]$", "");
    }

    # A part of a page is the same for everybody.
    if (req.esi_level > 0) {
        unset req.http.Cookie;
        return (hash);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Staff, and readers with an entitlement of their own.
    if (req.http.Authorization || req.http.Cookie ~ "(^|;\s*)coranto_(session|entitlement)=") {
        return (pass);
    }
    if (req.url ~ "^/(admin|-)/" && req.url !~ "^/-/fragments/") {
        return (pass);
    }

    # An old page is shown only while there is nobody to ask for a new one.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 0s;
    }
    return (hash);
}

sub vcl_backend_response {
    if (bereq.url ~ "^/-/fragments/" && beresp.status != 200) {
        # A quiet gap, tried again in a second.
        return (error(503));
    }
    if (beresp.http.Surrogate-Control ~ "ESI/1\.0") {
        set beresp.do_esi = true;
        # They would speak of the page without its parts.
        unset beresp.http.ETag;
        unset beresp.http.Last-Modified;
    }
    if (beresp.http.Content-Type ~ "^(text/|application/(json|javascript|xml|[a-z]+\+xml))" && !beresp.http.Content-Encoding) {
        set beresp.do_gzip = true;
    }
    if (beresp.http.Surrogate-Control ~ "max-age=" && beresp.http.Surrogate-Control !~ "no-store"
        && beresp.http.Cache-Control !~ "private|no-store" && !beresp.http.Set-Cookie
        && beresp.http.Vary !~ "(?i)cookie|authorization|entitlement|\*") {
        set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, "^.*max-age=([0-9]+).*$", "\1s"), 0s);
        set beresp.grace = 0s;
        if (beresp.http.Surrogate-Control ~ "stale-if-error=") {
            set beresp.grace = std.duration(regsub(beresp.http.Surrogate-Control, "^.*stale-if-error=([0-9]+).*$", "\1s"), 0s);
        }
    } else {
        # Nobody waits for another's answer to this one.
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;
        set beresp.grace = 0s;
    }
    return (deliver);
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "text/plain; charset=utf-8";
    set beresp.http.Cache-Control = "no-store";
    if (bereq.url ~ "^/-/fragments/") {
        set beresp.ttl = 1s;
        set beresp.grace = 0s;
        set beresp.body = "";
    } else {
        set beresp.http.Retry-After = "5";
        set beresp.body = {"This page cannot be shown right now. Please try again in a moment.
"};
    }
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.Surrogate-Control;
    unset resp.http.Surrogate-Key;
    unset resp.http.No-Vary-Search;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    return (deliver);
}
