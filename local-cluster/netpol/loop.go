package netpol

import (
	"context"
	"log/slog"
	"time"
)

const (
	retryAfter   = time.Second
	checkEvery   = time.Second
	replaceEvery = time.Minute
)

// loop updates after every change, looks at connections once more after that, and once a minute writes everything anew.
func (e *enforcer) loop(ctx context.Context) {
	checks, replacements := time.NewTicker(checkEvery), time.NewTicker(replaceEvery)
	defer checks.Stop()
	defer replacements.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-e.dirty:
			err = e.sync(ctx)
		case <-checks.C:
			err = e.checkLate()
		case <-replacements.C:
			err = e.replace(ctx)
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("the rules could not be set; trying again", "after", retryAfter, "error", err)
			time.AfterFunc(retryAfter, e.touch)
		}
	}
}
