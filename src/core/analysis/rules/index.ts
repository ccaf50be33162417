import type { Rule } from '../rule.ts';
import anyActionRisk from './any-action-risk.ts';
import anyAlloc from './any-alloc.ts';
import anyAntiforensic from './any-antiforensic.ts';
import anyBind from './any-bind.ts';
import anyDbdrop from './any-dbdrop.ts';
import anyDbdump from './any-dbdump.ts';
import anyDecodeExec from './any-decode-exec.ts';
import anyDiskFill from './any-disk-fill.ts';
import anyDnsExfil from './any-dns-exfil.ts';
import anyEnvDump from './any-env-dump.ts';
import anyEnvSecret from './any-env-secret.ts';
import anyExfil from './any-exfil.ts';
import anyFetchExec from './any-fetch-exec.ts';
import anyHardcodedSecret from './any-hardcoded-secret.ts';
import anyK8sApi from './any-k8s-api.ts';
import anyK8sToken from './any-k8s-token.ts';
import anyKill from './any-kill.ts';
import anyLanguage from './any-language.ts';
import anyListOutside from './any-list-outside.ts';
import anyLongFlood from './any-long-flood.ts';
import anyLoop from './any-loop.ts';
import anyMetaIp from './any-meta-ip.ts';
import anyMiner from './any-miner.ts';
import anyMonitor from './any-monitor.ts';
import anyNsMount from './any-ns-mount.ts';
import anyObfusc from './any-obfusc.ts';
import anyOverwriteSys from './any-overwrite-sys.ts';
import anyParse from './any-parse.ts';
import anyPersistRc from './any-persist-rc.ts';
import anyPersistSched from './any-persist-sched.ts';
import anyPkgInstall from './any-pkg-install.ts';
import anyProcMem from './any-proc-mem.ts';
import anyReadOutside from './any-read-outside.ts';
import anyReadSecret from './any-read-secret.ts';
import anyRedos from './any-redos.ts';
import anyRevshell from './any-revshell.ts';
import anyRuntimeSock from './any-runtime-sock.ts';
import anySuid from './any-suid.ts';
import anyUndeclared from './any-undeclared.ts';
import jsDelete from './js-delete.ts';
import jsDeser from './js-deser.ts';
import jsDyn from './js-dyn.ts';
import jsEscape from './js-escape.ts';
import jsExecBinding from './js-exec-binding.ts';
import jsExecChild from './js-exec-child.ts';
import jsFork from './js-fork.ts';
import jsModuleHook from './js-module-hook.ts';
import jsNative from './js-native.ts';
import jsNet from './js-net.ts';
import jsProto from './js-proto.ts';
import pyDelete from './py-delete.ts';
import pyDeser from './py-deser.ts';
import pyDyn from './py-dyn.ts';
import pyDynAttr from './py-dyn-attr.ts';
import pyDynImport from './py-dyn-import.ts';
import pyEncoding from './py-encoding.ts';
import pyExecOs from './py-exec-os.ts';
import pyExecSubprocess from './py-exec-subprocess.ts';
import pyFork from './py-fork.ts';
import pyIntrospect from './py-introspect.ts';
import pyLimits from './py-limits.ts';
import pyLoopIter from './py-loop-iter.ts';
import pyMonkey from './py-monkey.ts';
import pyNative from './py-native.ts';
import pyNet from './py-net.ts';
import pyPriv from './py-priv.ts';
import pySpawnLoop from './py-spawn-loop.ts';
import shAliasTrap from './sh-alias-trap.ts';
import shDelete from './sh-delete.ts';
import shDevtcp from './sh-devtcp.ts';
import shDisk from './sh-disk.ts';
import shDynCmd from './sh-dyn-cmd.ts';
import shEval from './sh-eval.ts';
import shForkbomb from './sh-forkbomb.ts';
import shInterpInline from './sh-interp-inline.ts';
import shNet from './sh-net.ts';
import shPipeShell from './sh-pipe-shell.ts';
import shPriv from './sh-priv.ts';

/** Adding a rule: one file in this folder, one line in this list, one folder of fixtures in test/rules. docs/rules.md comes from it. */
export const rules: readonly Rule[] = [
  anyActionRisk,
  anyAlloc,
  anyAntiforensic,
  anyBind,
  anyDbdrop,
  anyDbdump,
  anyDecodeExec,
  anyDiskFill,
  anyDnsExfil,
  anyEnvDump,
  anyEnvSecret,
  anyExfil,
  anyFetchExec,
  anyHardcodedSecret,
  anyK8sApi,
  anyK8sToken,
  anyKill,
  anyLanguage,
  anyListOutside,
  anyLongFlood,
  anyLoop,
  anyMetaIp,
  anyMiner,
  anyMonitor,
  anyNsMount,
  anyObfusc,
  anyOverwriteSys,
  anyParse,
  anyPersistRc,
  anyPersistSched,
  anyPkgInstall,
  anyProcMem,
  anyReadOutside,
  anyReadSecret,
  anyRedos,
  anyRevshell,
  anyRuntimeSock,
  anySuid,
  anyUndeclared,
  jsDelete,
  jsDeser,
  jsDyn,
  jsEscape,
  jsExecBinding,
  jsExecChild,
  jsFork,
  jsModuleHook,
  jsNative,
  jsNet,
  jsProto,
  pyDelete,
  pyDeser,
  pyDyn,
  pyDynAttr,
  pyDynImport,
  pyEncoding,
  pyExecOs,
  pyExecSubprocess,
  pyFork,
  pyIntrospect,
  pyLimits,
  pyLoopIter,
  pyMonkey,
  pyNative,
  pyNet,
  pyPriv,
  pySpawnLoop,
  shAliasTrap,
  shDelete,
  shDevtcp,
  shDisk,
  shDynCmd,
  shEval,
  shForkbomb,
  shInterpInline,
  shNet,
  shPipeShell,
  shPriv,
];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

export const ruleOf = (id: string): Rule | undefined => byId.get(id);
