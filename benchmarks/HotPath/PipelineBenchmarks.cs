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
/// A plain request through MediatR: validation, quota, usage and handler as they are, a provider that answers at once, and
/// no ledger.
/// </summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private static readonly GatewayDefaults Defaults = new() { Model = "gpt-5.5", MaxTokens = 2000, Limits = QuotaLimits.Unlimited };

    private ServiceProvider _services = null!;
    private IMediator _mediator = null!;

    /// <summary>Puts the use cases together; the database is registered and never opened.</summary>
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

        // It loads the tokenizer, half a second that would mislead the choice of how many requests make a measurement.
        await Generate();
    }

    /// <summary>Lets go of the services.</summary>
    [GlobalCleanup]
    public void Dispose() => _services.Dispose();

    /// <summary>What the native API sends.</summary>
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
