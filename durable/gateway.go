package durable

type gateway struct{}

func newGateway(rt *Runtime) *gateway    { return &gateway{} }
func (g *gateway) run()                  {}
func (g *gateway) close()                {}
func (g *gateway) count(h *hosted) int64 { return 0 }

type send struct{}

func (s send) deliver() {}

type socketKind struct{}
