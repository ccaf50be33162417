package cluster

import (
	"os"
	"strconv"
	"strings"
)

// abilities are what the machine lets us do, found out anew at each start.
type abilities struct {
	sysResource bool // CAP_SYS_RESOURCE: may lower OOM scores
}

const capSysResource = 24

func findAbilities() abilities {
	status, _ := os.ReadFile("/proc/self/status")
	return abilities{sysResource: hasCapability(string(status), capSysResource)}
}

func hasCapability(status string, bit uint) bool {
	for line := range strings.Lines(status) {
		if set, found := strings.CutPrefix(line, "CapEff:"); found {
			mask, err := strconv.ParseUint(strings.TrimSpace(set), 16, 64)
			return err == nil && mask>>bit&1 == 1
		}
	}
	return false
}
