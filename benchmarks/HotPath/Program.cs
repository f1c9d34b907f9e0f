using AiGateway.HotPath;
using AiGateway.Testing;
using BenchmarkDotNet.Running;

if (!PostgresServer.IsInstalled) Console.WriteLine("Left out: the ledger on PostgreSQL, whose programs are not installed here.");

// In this process: a project generated beside ours would be built under our rules for packages and warnings.
BenchmarkSwitcher.FromAssembly(typeof(PipelineBenchmarks).Assembly).Run(["--inProcess", .. args]);
