package netpol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"time"

	"sekisho.dev/local-cluster/netpol/wire"
)

// answerWithin is a little less than the plug-in's patience, so that it hears the reason instead of a time-out.
const answerWithin = 9 * time.Second

// listen opens the socket in the place of one that a killed enforcer left.
func listen(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove the old socket: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for the CNI plug-in: %w; does the directory of --socket exist?", err)
	}
	return listener, os.Chmod(path, 0o600)
}

// serve answers the CNI plug-in until the listener is closed.
func (e *enforcer) serve(ctx context.Context, listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() == nil {
				slog.Error("the socket of the CNI plug-in failed; no pod can start until the enforcer is restarted", "error", err)
			}
			return
		}
		go e.answer(ctx, conn)
	}
}

func (e *enforcer) answer(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	_ = conn.SetDeadline(time.Now().Add(answerWithin + time.Second))
	var request wire.Request
	if err := json.NewDecoder(conn).Decode(&request); err != nil {
		if errors.Is(err, io.EOF) {
			return // someone only looked whether we listen
		}
		slog.Warn("a request on the socket cannot be read", "error", err)
		return
	}
	began := time.Now()
	err := e.handle(ctx, request)
	took := time.Since(began).Round(100 * time.Microsecond)
	var reply wire.Reply
	if err != nil {
		reply.Error = err.Error()
		slog.Error(request.Verb, "attachment", request.Attachment, "took", took, "error", err)
	} else {
		slog.Info(request.Verb, "attachment", request.Attachment, "took", took)
	}
	_ = json.NewEncoder(conn).Encode(reply)
}

func (e *enforcer) handle(ctx context.Context, request wire.Request) error {
	select {
	case <-e.begun:
	case <-ctx.Done():
		return fmt.Errorf("the enforcer has not read the cluster yet: %w; its log says what it waits for", ctx.Err())
	}
	switch request.Verb {
	case wire.Attach:
		return e.attach(ctx, request.Attachment)
	case wire.Detach:
		return e.detach(ctx, request.Attachment)
	case wire.Check:
		return e.check(ctx, request.Attachment)
	default:
		return fmt.Errorf("unknown request %q; build cni-netpol and the enforcer from the same source", request.Verb)
	}
}
