using AiGateway.Application.Administration;
using AiGateway.Application.Alerts;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Archive;
using AiGateway.Application.Budgets;
using AiGateway.Application.Generation;
using AiGateway.Application.Health;
using AiGateway.Application.Ledger;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Quotas;
using AiGateway.Application.Receipts;
using AiGateway.Application.Routing;
using AiGateway.Application.Statements;
using AiGateway.Application.StoredResponses;
using AiGateway.Application.Switches;
using AiGateway.Application.Teams;
using AiGateway.Application.Usage;
using AiGateway.Application.Users;
using AiGateway.Domain;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace AiGateway.Application.Tests;

/// <summary>The application as the product registers it. The ports are substitutes, and every hold is granted.</summary>
internal sealed class UseCases : IDisposable
{
    private readonly Lazy<ServiceProvider> _services;

    public UseCases(params IModelAdapter[] adapters)
    {
        Adapters = adapters.Length > 0 ? adapters : [Sample.Adapter("alpha", Sample.Model("m-default"))];
        Prices.Version.Returns("prices-7");
        Ledger.HoldAsync(Arg.Do<Hold>(Holds.Add), Arg.Any<CancellationToken>()).Returns(call => Grant(call.Arg<Hold>()));
        Ledger.SettleAsync(Arg.Do<Settlement>(Settlements.Add)).Returns(Task.CompletedTask);
        Quotas.ReadUseAsync(default, default, default).ReturnsForAnyArgs(new QuotaUse(0, 0, 0, 0));
        Budgets.ReadAsync(default, default, default, default).ReturnsForAnyArgs(new ScopeBudgets(null, []));
        _services = new(Build);
    }

    public IReadOnlyList<IModelAdapter> Adapters { get; }

    public GatewayDefaults Defaults { get; set; } = new() { Model = "m-default", MaxTokens = 100, Limits = QuotaLimits.Unlimited };

    public RoutingPolicy Routing { get; set; } = new([]);

    public IReadOnlyDictionary<string, ModelRoute> Routes { get; set; } = new Dictionary<string, ModelRoute>();

    public FakeTimeProvider Time { get; } = new(Sample.Noon);

    public ILedger Ledger { get; } = Substitute.For<ILedger>();

    public IPriceBook Prices { get; } = Substitute.For<IPriceBook>();

    public IPriceHistory PriceHistory { get; } = Substitute.For<IPriceHistory>();

    public ITokenCounter Tokens { get; } = Substitute.For<ITokenCounter>();

    public IUserStore Users { get; } = Substitute.For<IUserStore>();

    public IQuotaStore Quotas { get; } = Substitute.For<IQuotaStore>();

    public IBudgetStore Budgets { get; } = Substitute.For<IBudgetStore>();

    public IRateStore Rates { get; } = Substitute.For<IRateStore>();

    public IWebhookStore Webhooks { get; } = Substitute.For<IWebhookStore>();

    public IAlertLog Alerts { get; } = Substitute.For<IAlertLog>();

    public IApiKeyStore Keys { get; } = Substitute.For<IApiKeyStore>();

    public IScopeStore ScopeStore { get; } = Substitute.For<IScopeStore>();

    public IUserErasure UserErasure { get; } = Substitute.For<IUserErasure>();

    public ITeamMembers TeamMembers { get; } = Substitute.For<ITeamMembers>();

    public IApiKeySecrets Secrets { get; } = Substitute.For<IApiKeySecrets>();

    public ICallerDirectory Callers { get; } = Substitute.For<ICallerDirectory>();

    public IReceiptStore Receipts { get; } = Substitute.For<IReceiptStore>();

    public IStatementStore Statements { get; } = Substitute.For<IStatementStore>();

    public IUsageReports Reports { get; } = Substitute.For<IUsageReports>();

    public IProviderStore Providers { get; } = Substitute.For<IProviderStore>();

    public IStoredObjectStore StoredObjects { get; } = Substitute.For<IStoredObjectStore>();

    public IUsageCorrections Corrections { get; } = Substitute.For<IUsageCorrections>();

    public IUsageArchive Archive { get; } = Substitute.For<IUsageArchive>();

    public IArchiveFiles ArchiveFiles { get; } = Substitute.For<IArchiveFiles>();

    public IAuditLog Audit { get; } = Substitute.For<IAuditLog>();

    public ISwitchStore Switches { get; } = Substitute.For<ISwitchStore>();

    public IDatabaseProbe Database { get; } = Substitute.For<IDatabaseProbe>();

    public RecordedLog Log { get; } = new();

    /// <summary>Every hold that was requested, in order.</summary>
    public List<Hold> Holds { get; } = [];

    /// <summary>Every settlement, in order.</summary>
    public List<Settlement> Settlements { get; } = [];

    public Task<TReply> SendAsync<TReply>(IRequest<TReply> request, CancellationToken cancellationToken = default) =>
        Get<IMediator>().Send(request, cancellationToken);

    public T Get<T>()
        where T : notnull => _services.Value.GetRequiredService<T>();

    /// <summary>The faults that validation finds in a request. Empty when validation passes, even if the request fails later.</summary>
    public async Task<IReadOnlyList<Fault>> FaultsOfAsync<TReply>(IRequest<TReply> request)
    {
        try
        {
            await SendAsync(request);
            return [];
        }
        catch (AiGatewayException failure)
        {
            return (failure as InvalidRequestException)?.Faults ?? [];
        }
    }

    public void Dispose()
    {
        if (_services.IsValueCreated) _services.Value.Dispose();
    }

    private static HoldDecision Grant(Hold hold) => new(null, hold.Elastic is { } elastic ? elastic.Within(elastic.Most) : null);

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(Ledger);
        services.AddSingleton(Prices);
        services.AddSingleton(PriceHistory);
        services.AddSingleton(Tokens);
        services.AddSingleton(Users);
        services.AddSingleton(Quotas);
        services.AddSingleton(Budgets);
        services.AddSingleton(Rates);
        services.AddSingleton(Webhooks);
        services.AddSingleton(Alerts);
        services.AddSingleton<AlertFeed>();
        services.AddSingleton(Keys);
        services.AddSingleton(ScopeStore);
        services.AddSingleton(TeamMembers);
        services.AddSingleton(UserErasure);
        services.AddSingleton(Secrets);
        services.AddSingleton(Callers);
        services.AddSingleton(Receipts);
        services.AddSingleton(Statements);
        services.AddSingleton(Reports);
        services.AddSingleton(Providers);
        services.AddSingleton(StoredObjects);
        services.AddSingleton(Corrections);
        services.AddSingleton(Archive);
        services.AddSingleton(ArchiveFiles);
        services.AddSingleton(Audit);
        services.AddSingleton(Switches);
        services.AddSingleton(Database);
        services.AddSingleton<IProviderDirectory>(new FixedProviders(ProviderSet.Create(Adapters, Routes, Routing.Order)));
        foreach (var found in AssemblyScanner.FindValidatorsInAssembly(typeof(Generate).Assembly, includeInternalTypes: true))
            services.AddSingleton(found.InterfaceType, found.ValidatorType);
        services.AddApplication(Defaults, Routing);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
    }
}
