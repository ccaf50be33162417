package netpol

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"
)

const switchPoll = 200 * time.Millisecond

// readSwitch reads whether to enforce. Anything but a clear "off" means on: a missing file must not open the cluster.
func readSwitch(path string) (on bool, problem error) {
	if path == "" {
		return true, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return true, fmt.Errorf("switch file: %w; enforcing; write on or off into it", err)
	}
	switch word := strings.TrimSpace(string(text)); word {
	case "on":
		return true, nil
	case "off":
		return false, nil
	default:
		return true, fmt.Errorf("switch file %s says %q; enforcing; write on or off into it", path, word)
	}
}

// watchSwitch calls turn at every change, until the context ends.
func watchSwitch(ctx context.Context, path string, now bool, turn func(on bool)) {
	ticker := time.NewTicker(switchPoll)
	defer ticker.Stop()
	said := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		on, problem := readSwitch(path)
		if problem != nil && problem.Error() != said {
			said = problem.Error()
			slog.Warn("the switch cannot be read", "error", problem)
		}
		if on != now {
			now = on
			turn(on)
		}
	}
}
