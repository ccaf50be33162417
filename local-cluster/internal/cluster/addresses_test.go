package cluster

import (
	"strings"
	"testing"
)

func TestCarve(t *testing.T) {
	a, err := Carve("10.201.0.0/16")
	if err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]string{
		"host":     {a.Host.String(), "10.201.0.1"},
		"node":     {a.Node.String(), "10.201.0.2"},
		"services": {a.Services.String(), "10.201.64.0/18"},
		"API":      {a.KubeAPI.String(), "10.201.64.1"},
		"DNS":      {a.ClusterDNS.String(), "10.201.64.10"},
		"pods":     {a.Pods.String(), "10.201.128.0/17"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %s, want %s", what, pair[0], pair[1])
		}
	}
	if a.Services.Overlaps(a.Pods) || a.Services.Contains(a.Node) || a.Pods.Contains(a.Node) {
		t.Error("the parts of the subnet overlap")
	}
}

func TestCarveRefuses(t *testing.T) {
	for _, subnet := range []string{"", "10.201.0.0", "10.201.0.0/24", "10.201.3.0/16", "fd00::/16", "10.300.0.0/16"} {
		if _, err := Carve(subnet); err == nil || !strings.Contains(err.Error(), DefaultSubnet) {
			t.Errorf("%q: want an error that shows a right one, got %v", subnet, err)
		}
	}
}

func TestLoopbackIsStableAndAvoidsWhatListens(t *testing.T) {
	first, err := loopbackFor("a-name-for-this-test")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := loopbackFor("a-name-for-this-test")
	if first != again || !first.IsLoopback() {
		t.Errorf("got %s, then %s", first, again)
	}
	if other, _ := loopbackFor("another-name"); other == first {
		t.Errorf("two names share %s", first)
	}
}

func TestNamesAreChecked(t *testing.T) {
	for _, name := range []string{"", "..", "a/b", "Upper", "-a", "a-", strings.Repeat("a", 33)} {
		if _, err := PathsOf(name); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
	paths, err := PathsOf(strings.Repeat("a", 32))
	if err != nil || len(paths.hostLink()) > 15 {
		t.Errorf("%v, link %q", err, paths.hostLink())
	}
}
