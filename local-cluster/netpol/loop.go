package netpol

import (
	"context"
	"log/slog"
	"time"
)

const (
	retryAfter   = time.Second
	replaceEvery = time.Minute
)

// loop passes after every change, and once a minute writes everything anew.
func (e *enforcer) loop(ctx context.Context) {
	ticker := time.NewTicker(replaceEvery)
	defer ticker.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-e.dirty:
			err = e.sync(ctx)
		case <-e.recheck:
			err = e.recut()
		case <-ticker.C:
			err = e.replace(ctx)
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("the rules could not be set; trying again", "after", retryAfter, "error", err)
			time.AfterFunc(retryAfter, e.touch)
		}
	}
}
