using AiGateway.Application;
using AiGateway.Application.Generation;
using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using AiGateway.Infrastructure;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using BenchmarkDotNet.Attributes;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.HotPath;

/// <summary>
/// A plain request through MediatR with the real validation, quota, usage and handler. The provider answers at once, and there is no
/// ledger.
/// </summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private static readonly GatewayDefaults Defaults = new() { Model = "gpt-5.5", MaxTokens = 2000, Limits = QuotaLimits.Unlimited };

    private ServiceProvider _services = null!;
    private IMediator _mediator = null!;

    /// <summary>Builds the use cases. The database is registered and never opened.</summary>
    [GlobalSetup]
    public async Task BuildAsync()
    {
        var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddLogging()
            .AddPersistence(new DatabaseSettings())
            .AddSingleton(new LedgerSettings())
            .AddSingleton<ILedger, NoLedger>()
            .AddSingleton<IProviderDirectory, InstantProviders>()
            .AddValidatorsFromAssemblyContaining<Generate>(ServiceLifetime.Singleton, includeInternalTypes: true)
            .AddApplication(Defaults, new RoutingPolicy([]));
        services.AddPricing(pricesFile: null);
        _services = services.BuildServiceProvider();
        _mediator = _services.GetRequiredService<IMediator>();

        // The first request loads the tokenizer for half a second, which would distort the number of requests for each measurement.
        await Generate();
    }

    /// <summary>Disposes the services.</summary>
    [GlobalCleanup]
    public void Dispose() => _services.Dispose();

    /// <summary>A request as the native API sends it.</summary>
    [Benchmark]
    public Task<GenerateReply> Generate()
    {
        var now = TimeProvider.System.GetUtcNow();
        return _mediator.Send(new Generate
        {
            RequestId = Guid.CreateVersion7(now),
            ReceivedAt = now,
            Caller = Samples.Caller,
            Prompt = "Explain in two sentences why the sky is blue, and why it turns red in the evening.",
            SystemPrompt = "You are a helpful assistant who answers briefly.",
        });
    }
}
