using System.IO.Compression;
using System.Text.Json;
using AiGateway.Application;
using AiGateway.Application.Administration;
using AiGateway.Application.Archive;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using AiGateway.Infrastructure.Tests.Ledger;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Infrastructure.Tests.Archive;

/// <summary>Archives a test's ledger as the program does, at <see cref="TestLedger.Noon"/>, into its own folder.</summary>
internal sealed class Archivist : IDisposable
{
    private static readonly GatewayDefaults Defaults = new() { Model = "model", MaxTokens = 1, Limits = QuotaLimits.Unlimited };
    private readonly string _folder = Directory.CreateTempSubdirectory("aigateway-archive-").FullName;
    private readonly ServiceProvider _services;

    /// <param name="ledger">The ledger to archive.</param>
    /// <param name="wrap">Wraps the archive's port to the ledger, for example to make it fail.</param>
    public Archivist(TestLedger ledger, Func<IUsageArchive, IUsageArchive>? wrap = null)
    {
        var services = new ServiceCollection().AddLogging()
            .AddSingleton<TimeProvider>(new TestClock(TestLedger.Noon))
            .AddPersistence(ledger.Database.Settings)
            .AddApplication(Defaults, new RoutingPolicy([]));
        foreach (var found in AssemblyScanner.FindValidatorsInAssembly(typeof(ArchiveUsage).Assembly, includeInternalTypes: true))
            services.AddSingleton(found.InterfaceType, found.ValidatorType);
        if (wrap is not null)
        {
            var real = services.Single(each => each.ServiceType == typeof(IUsageArchive)).ImplementationType!;
            services.AddSingleton(provider => wrap((IUsageArchive)ActivatorUtilities.CreateInstance(provider, real)));
        }

        _services = services.BuildServiceProvider();
    }

    public string File(string name = "usage.jsonl.gz") => Path.Combine(_folder, name);

    public Task<ArchiveResult> ArchiveAsync(DateOnly before, string name = "usage.jsonl.gz", CancellationToken cancellationToken = default) =>
        SendAsync(new ArchiveUsage(before, File(name)), cancellationToken);

    public Task<ArchiveResult> FinishAsync(string name = "usage.jsonl.gz") => SendAsync(new FinishArchive(File(name)), default);

    /// <summary>The lines of a file, by the ids of their records.</summary>
    public Dictionary<Guid, JsonElement> Lines(string name = "usage.jsonl.gz")
    {
        using var gzip = new GZipStream(System.IO.File.OpenRead(File(name)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(line => line.GetProperty("id").GetGuid());
    }

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<ArchiveResult> SendAsync(IRequest<ArchiveResult> command, CancellationToken cancellationToken) =>
        _services.GetRequiredService<IMediator>().Send(command, cancellationToken);
}

/// <summary>The archive's port to the ledger, with an action before each removal.</summary>
internal sealed class Disturbed(IUsageArchive ledger, Func<int, Task> beforeRemoval) : IUsageArchive
{
    private int _removals;

    public Task<long> CountAsync(DateTimeOffset before, CancellationToken cancellationToken) => ledger.CountAsync(before, cancellationToken);

    public IAsyncEnumerable<UsageRecord> ReadAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ledger.ReadAsync(before, cancellationToken);

    public async Task<int> RemoveAsync(
        IReadOnlyList<UsageRecord> records, Actor by, ArchivedFile? file, CancellationToken cancellationToken)
    {
        await beforeRemoval(++_removals);
        return await ledger.RemoveAsync(records, by, file, cancellationToken);
    }
}
