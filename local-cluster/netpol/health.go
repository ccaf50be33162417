package netpol

import (
	"errors"
	"fmt"
	"net"
	"net/http"
)

// serveHealth answers /healthz with the outcome of the last pass. It is served only once the rules are in the kernel.
func (e *enforcer) serveHealth(address string) error {
	if address == "" {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("serve --health-address %s: %w; choose a free one", address, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		if err := e.health(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	go func() {
		if err := http.Serve(listener, mux); !errors.Is(err, http.ErrServerClosed) {
			panic(err) // only for a programming error: the listener is never closed
		}
	}()
	return nil
}

func (e *enforcer) health() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lastErr
}
