package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sekisho.dev/local-cluster/netpol/wire"
)

// TestMain lets the test binary play the plug-in.
func TestMain(m *testing.M) {
	if os.Getenv("CNI_COMMAND") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

const previous = `"prevResult":{"cniVersion":"1.0.0","interfaces":[{"name":"veth1"},{"name":"eth0","sandbox":"/x"}],"ips":[{"address":"10.244.0.7/32","gateway":"10.244.0.1","interface":1}],"routes":[{"dst":"0.0.0.0/0"}]}`

func TestPlugin(t *testing.T) {
	rows := []struct {
		name, command, reply, rest string
		fails                      string
		asked                      string
	}{
		{"ADD waits for the answer and passes the result on", "ADD", `{}`, previous, "", wire.Attach},
		{"ADD fails when the enforcer refuses", "ADD", `{"error":"its rules could not be set"}`, previous, "its rules could not be set", wire.Attach},
		{"ADD fails when the enforcer breaks off", "ADD", ``, previous, "gave no answer", wire.Attach},
		{"ADD fails without a result before it", "ADD", `{}`, `"x":1`, "put cni-netpol last", ""},
		{"CHECK asks", "CHECK", `{}`, previous, "", wire.Check},
		{"CHECK fails when the address is not known", "CHECK", `{"error":"not known"}`, previous, "not known", wire.Check},
		{"DEL tells", "DEL", `{}`, previous, "", wire.Detach},
		{"DEL does not fail when the enforcer refuses", "DEL", `{"error":"x"}`, previous, "", wire.Detach},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			socket := filepath.Join(t.TempDir(), "s")
			asked := enforcer(t, socket, row.reply)
			output, err := plugin(socket, row.command, row.rest)
			if (err != nil) != (row.fails != "") || !strings.Contains(output, row.fails) {
				t.Fatalf("%v %s, want failure %q", err, output, row.fails)
			}
			if row.asked == "" {
				return
			}
			if request := <-asked; request.Verb != row.asked || request.Attachment.ContainerID != "c1" {
				t.Errorf("asked %v", request)
			} else if row.asked == wire.Attach && (request.Attachment.Name != "web" || request.Attachment.UID != "u1" || request.Attachment.IPs[0].String() != "10.244.0.7") {
				t.Errorf("asked %v", request)
			}
			if row.command == "ADD" && row.fails == "" && !strings.Contains(output, "10.244.0.7/32") {
				t.Errorf("the result is not passed on: %s", output)
			}
		})
	}
}

func TestWithoutAnEnforcer(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "none")
	for command, fails := range map[string]bool{"ADD": true, "DEL": false} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			if output, err := plugin(nowhere, command, previous); (err != nil) != fails {
				t.Errorf("%v %s", err, output)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	output, err := plugin("x", "VERSION", previous)
	if err != nil || !strings.Contains(output, `"1.0.0","1.1.0"`) {
		t.Errorf("%v %s", err, output)
	}
}

func plugin(socket, command, rest string) (string, error) {
	run := exec.Command(os.Args[0])
	run.Env = append(os.Environ(), "CNI_COMMAND="+command, "CNI_CONTAINERID=c1", "CNI_NETNS=/x", "CNI_IFNAME=eth0", "CNI_PATH=/x",
		"CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=c1;K8S_POD_UID=u1")
	run.Stdin = bytes.NewBufferString(`{"cniVersion":"1.0.0","name":"n","type":"cni-netpol","socket":"` + socket + `",` + rest + `}`)
	output, err := run.CombinedOutput()
	return string(output), err
}

// enforcer answers one request.
func enforcer(t *testing.T, socket, reply string) <-chan wire.Request {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	asked := make(chan wire.Request, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var request wire.Request
		_ = json.NewDecoder(conn).Decode(&request)
		asked <- request
		_, _ = conn.Write([]byte(reply))
	}()
	return asked
}
