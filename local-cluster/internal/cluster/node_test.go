package cluster

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func nodeForTest(t *testing.T) (Paths, Config) {
	paths, err := PathsOf("test")
	if err != nil {
		t.Fatal(err)
	}
	addresses, err := Carve(DefaultSubnet)
	if err != nil {
		t.Fatal(err)
	}
	return paths, Config{Addresses: addresses, Listen: addresses.Node, BinDir: t.TempDir()}
}

func TestNothingIsLeftToFillIn(t *testing.T) {
	paths, config := nodeForTest(t)
	blank := regexp.MustCompile(`\{[a-zA-Z]+\}`)
	for _, text := range []string{kubeletConfig(paths, config, abilities{}), containerdConfig(paths, config, abilities{}), runscConfig(paths, config), cniConfig(paths, config)} {
		if found := blank.FindString(text); found != "" {
			t.Errorf("%s was not filled in:\n%s", found, text)
		}
	}
}

func TestScoresAreLoweredOnlyWhereTheyMayBe(t *testing.T) {
	paths, config := nodeForTest(t)
	may, mayNot := abilities{sysResource: true}, abilities{}
	if !strings.Contains(kubeletConfig(paths, config, may), "oomScoreAdj: -999") || !strings.Contains(kubeletConfig(paths, config, mayNot), "oomScoreAdj: 0") {
		t.Error("kubelet")
	}
	if !strings.Contains(containerdConfig(paths, config, may), "restrict_oom_score_adj = false") || !strings.Contains(containerdConfig(paths, config, mayNot), "restrict_oom_score_adj = true") {
		t.Error("containerd")
	}
}

// The enforcer's plug-in must be the last: before it the pod has no address, after it the pod may send.
func TestThePodWaitsForTheEnforcer(t *testing.T) {
	paths, config := nodeForTest(t)
	if err := os.WriteFile(filepath.Join(config.BinDir, "cni-netpol"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	var list struct {
		Plugins []struct{ Type, Socket string }
	}
	if err := json.Unmarshal([]byte(cniConfig(paths, config)), &list); err != nil {
		t.Fatal(err)
	}
	last := list.Plugins[len(list.Plugins)-1]
	if last.Type != "cni-netpol" || last.Socket != paths.netpolSocket() {
		t.Errorf("the last plug-in is %+v", last)
	}
}
