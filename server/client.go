package server

import (
	"net/http"
	"net/netip"
	"strings"
)

// clientAddr returns the address a request came from, the zero Addr if that cannot be
// known. Of what proxies say only that of configured ones is believed: where the
// request came through one, X-Forwarded-For is read from its end, and the first
// address that is not a trusted proxy's is the client's. No other header can choose
// it, and none of an untrusted sender.
func (s *Server) clientAddr(r *http.Request) netip.Addr {
	addr, ok := peerAddr(r)
	if !ok || !s.trusts(addr) {
		return addr
	}
	said := r.Header.Values("X-Forwarded-For")
	for i := len(said) - 1; i >= 0; i-- {
		for rest := said[i]; rest != ""; {
			var hop string
			if comma := strings.LastIndexByte(rest, ','); comma >= 0 {
				rest, hop = rest[:comma], rest[comma+1:]
			} else {
				rest, hop = "", rest
			}
			next, ok := parseHop(strings.TrimSpace(hop))
			if !ok {
				return addr // the last one that somebody trusted has told
			}
			if addr = next; !s.trusts(addr) {
				return addr
			}
		}
	}
	return addr
}

// peerAddr returns the address at the other end of the connection.
func peerAddr(r *http.Request) (netip.Addr, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	return peer.Addr().Unmap().WithZone(""), true
}

// parseHop reads an address as proxies write it, some with a port.
func parseHop(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil {
		p, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}, false
		}
		a = p.Addr()
	}
	return a.Unmap().WithZone(""), true
}

// trusts reports whether the address is that of a configured proxy.
func (s *Server) trusts(a netip.Addr) bool {
	for _, p := range s.o.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// bucketOf names what counts as one client to limiters: an IPv4 address, or the /64 of
// an IPv6 address, which is what one customer of a provider has.
func bucketOf(a netip.Addr) string {
	var text [64]byte
	name := append(text[:0], "ip:"...)
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return string(p.AppendTo(name))
		}
	}
	return string(a.AppendTo(name))
}

// isSecure reports whether the client came over TLS, here or at a trusted proxy.
func (s *Server) isSecure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	if len(s.o.TrustedProxies) == 0 {
		return false
	}
	peer, ok := peerAddr(r)
	return ok && s.trusts(peer) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
