using System.Diagnostics.Metrics;
using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Archive;
using AiGateway.Application.Budgets;
using AiGateway.Application.Generation;
using AiGateway.Application.Health;
using AiGateway.Application.Pipeline;
using AiGateway.Application.Progress;
using AiGateway.Application.Quotas;
using AiGateway.Application.Receipts;
using AiGateway.Application.Refusals;
using AiGateway.Application.Requests;
using AiGateway.Application.Routing;
using AiGateway.Application.StoredResponses;
using AiGateway.Application.Switches;
using AiGateway.Application.Telemetry;
using AiGateway.Application.Telemetry.Metrics;
using AiGateway.Application.Translation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiGateway.Application;

/// <summary>Registers the use cases and their pipeline.</summary>
public static class ApplicationServices
{
    /// <summary>Everything is a singleton: a use case keeps the state of a request only in its parameters.</summary>
    public static IServiceCollection AddApplication(
        this IServiceCollection services, GatewayDefaults defaults, RoutingPolicy routing)
    {
        services.AddSingleton(defaults);
        services.AddSingleton(routing);
        services.AddSingleton<DrainEnd>();
        services.AddSingleton<LargeRequests>();
        services.AddSingleton<LongCounts>();
        services.AddSingleton<ModelRouter>();
        services.AddSingleton<ProviderHealthBoard>();
        services.AddSingleton(static _ => new Meter(new MeterOptions(TelemetryNames.Source) { TelemetrySchemaUrl = GenAi.SchemaUrl }));
        services.AddSingleton<GenerationMetrics>();
        services.AddSingleton<HttpMetrics>();
        services.AddSingleton<RequestSettler>();
        services.AddSingleton<SpentQuotas>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<BudgetReader>();
        services.AddSingleton<SwitchBoard>();
        services.AddSingleton<StoredReferences>();
        services.AddSingleton<WireTranslator>();
        services.TryAddSingleton<IWorkProgress>(UnseenProgress.Instance);
        services.AddSingleton<ArchiveRemoval>();
        services.AddSingleton<ReceiptReader>();
        services.AddSingleton<ApiKeyMint>();
        return services.AddPipeline();
    }

    /// <summary>The budgets of these scopes as metrics; call it after <see cref="AddApplication"/>.</summary>
    public static IServiceCollection AddBudgetGauges(this IServiceCollection services, IReadOnlyList<MeasuredScope> scopes) =>
        services.AddSingleton(provider => new BudgetGauges(
            provider.GetRequiredService<Meter>(), provider.GetRequiredService<BudgetReader>(), scopes));

    private static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddSingleton<IMediator, Mediator>();
        services.Scan(scan => scan
            .FromAssemblyOf<Generate>()
            .AddClasses(classes => classes.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
            .AsImplementedInterfaces()
            .WithSingletonLifetime());

        // The behaviors of every request, outermost first.
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(TeamGuard<,>));
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(LedgerFlushBehavior<,>));
        services.AddSingleton(typeof(IPipelineBehavior<,>), typeof(AdministrationLog<,>));
        services.AddSingleton<IPipelineBehavior<Generate, GenerateReply>, QuotaBehavior>();
        services.AddSingleton<IPipelineBehavior<Generate, GenerateReply>, UsageBehavior>();
        return services;
    }
}
