using AiGateway.HotPath;
using AiGateway.Testing;
using BenchmarkDotNet.Running;

if (!PostgresServer.IsInstalled) Console.WriteLine("Left out: the ledger on PostgreSQL, whose programs are not installed here.");

// The benchmarks run in this process. A generated project would be built under this repository's rules for packages and warnings.
BenchmarkSwitcher.FromAssembly(typeof(PipelineBenchmarks).Assembly).Run(["--inProcess", .. args]);
