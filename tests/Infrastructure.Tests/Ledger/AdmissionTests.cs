using AiGateway.Application;
using AiGateway.Application.Budgets;
using AiGateway.Application.Generation;
using AiGateway.Application.Health;
using AiGateway.Application.Ledger;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Quotas;
using AiGateway.Application.Routing;
using AiGateway.Application.Switches;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Persistence.Stores.Budgets;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace AiGateway.Infrastructure.Tests.Ledger;

/// <summary>A quote is a contract: the estimate of a request decides as the ledger does for the same request.</summary>
public sealed class AdmissionTests
{
    private const int States = 10_000;
    private const int StatesAtOnce = 500;
    private const int Seed = 20261125;
    private const string Model = "model";
    private const long MaxTokens = 100;
    private static readonly QuotaLimits Defaults = new(7, 90, 5_000);

    [Test]
    public async Task Estimate_InTenThousandRandomStates_DecidesAsTheHoldDoes()
    {
        await using var ledger = await TestLedger.OpenAsync(defaults: Defaults);
        await using var services = BuildEstimates(ledger);
        var mediator = services.GetRequiredService<IMediator>();
        var random = new Random(Seed);
        var decisions = new Dictionary<string, int>();
        for (var done = 0; done < States; done += StatesAtOnce)
        {
            var users = Enumerable.Range(0, StatesAtOnce).Select(_ => ledger.NextId()).ToList();
            await AddStatesAsync(ledger, users, random);
            var requests = users.ConvertAll(user => NewRequest(ledger, user, NextAmount(random)));
            var estimates = new List<GenerationEstimate>();
            foreach (var request in requests) estimates.Add(await mediator.Send(new EstimateGeneration(request)));

            var held = await Task.WhenAll(requests.Select((request, i) => HoldAsync(ledger, request.Caller.UserId, estimates[i].Cost)));

            Assert.That(held, Is.EqualTo(estimates.ConvertAll(estimate => AsTheLedgerSays(estimate.Refusal))));
            foreach (var refusal in held) Count(decisions, refusal?.LimitName ?? "admitted");
        }

        Assert.That(
            decisions.Keys,
            Is.EquivalentTo(["admitted", "daily_requests", "monthly_requests", "monthly_spend", "weekly_requests", "weekly_tokens", "weekly_spend"]),
            "the random states lead to every decision");
        Assert.That(decisions.Values, Has.All.GreaterThan(States / 200));
    }

    private static async Task<QuotaRefusal?> HoldAsync(TestLedger ledger, Guid user, CostEstimate cost)
    {
        var hold = ledger.NewHold(user, cost.MaxCostNanoUsd) with { HeldTokens = cost.PromptTokens + cost.MaxCompletionTokens };
        return (await ledger.Ledger.HoldAsync(hold, CancellationToken.None)).Refusal;
    }

    // An estimate adds what fits, and the name of the scope.
    private static QuotaRefusal? AsTheLedgerSays(QuotaRefusal? refusal) =>
        refusal is null ? null : refusal with { FittingOutputLimit = null, Scope = refusal.Scope is { } scope ? scope with { Name = null } : null };

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    // Small amounts make states at the exact edge of a limit common. Some amounts nearly overflow.
    private static long NextAmount(Random random) => random.Next(20) == 0 ? long.MaxValue / 4 : random.Next(3_000);

    private static long? NextLimit(Random random, int most) => random.Next(4) == 0 ? null : random.Next(most);

    private static async Task AddStatesAsync(TestLedger ledger, List<Guid> users, Random random)
    {
        await using var context = await ledger.Database.Contexts.CreateDbContextAsync();
        foreach (var user in users)
        {
            context.Add(new User { Id = user, Name = "someone", CreatedAt = TestLedger.Noon });
            if (random.Next(3) > 0)
            {
                context.Add(new Quota
                {
                    UserId = user,
                    DailyRequests = NextLimit(random, 10),
                    MonthlyRequests = NextLimit(random, 30),
                    MonthlySpendNanoUsd = random.Next(10) == 0 ? long.MaxValue : NextLimit(random, 9_000),
                });
            }

            for (var i = random.Next(3); i > 0; i--) context.Add(NewBudget(user, random));
            if (random.Next(5) == 0) continue;
            var (settled, held) = (NextAmount(random), NextAmount(random));
            context.Add(NewCounter(user, QuotaPeriod.DayOf(TestLedger.Noon), random.Next(10), settled, held));
            context.Add(NewCounter(user, QuotaPeriod.MonthOf(TestLedger.Noon), random.Next(30), settled, held));
        }

        await context.SaveChangesAsync();
        await context.BudgetState.ExecuteUpdateAsync(state => state
            .SetProperty(each => each.Epoch, each => each.Epoch + 1).SetProperty(each => each.Budgets, 1));
    }

    private static Budget NewBudget(Guid user, Random random)
    {
        var metric = (BudgetMetric)random.Next((int)BudgetMetric.Requests, (int)BudgetMetric.Concurrent);
        return new()
        {
            Id = Guid.CreateVersion7(TestLedger.Noon),
            ScopeKind = ScopeKind.User,
            ScopeId = user,
            Metric = metric,
            WindowKind = PeriodKind.Week,
            Amount = metric switch
            {
                BudgetMetric.Requests => random.Next(2),
                BudgetMetric.Tokens => random.Next(200),
                _ => random.Next(3_000),
            },
            IsSoft = random.Next(4) == 0,
            CountedSince = TestLedger.Noon,
        };
    }

    private static QuotaCounter NewCounter(Guid user, QuotaPeriod period, long requests, long settled, long held) => new()
    {
        UserId = user,
        Kind = period.Kind,
        Start = period.Start,
        Requests = requests,
        SettledNanoUsd = settled,
        HeldNanoUsd = held,
    };

    private static Generate NewRequest(TestLedger ledger, Guid user, long costNanoUsd) => new()
    {
        RequestId = ledger.NextId(),
        Caller = new Caller(user, "someone", null, [Scopes.Generate]),
        ReceivedAt = TestLedger.Noon,
        Model = Model,
        Prompt = costNanoUsd.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static IProviderDirectory DirectoryOf(IModelAdapter adapter)
    {
        var directory = Substitute.For<IProviderDirectory>();
        var providers = ProviderSet.Create([adapter], new Dictionary<string, ModelRoute>(), []);
        directory.Current.Returns(providers);
        return directory;
    }

    // The adapter reads the maximum cost of a request from its prompt.
    private static ServiceProvider BuildEstimates(TestLedger ledger)
    {
        var adapter = Substitute.For<IModelAdapter>();
        adapter.Name.Returns("alpha");
        adapter.Supports(Arg.Any<ModelOperation>()).Returns(true);
        adapter.CheckQuota().Returns(new ProviderQuotaStatus(true, null));
        adapter.FindModel(Arg.Any<string>()).Returns(new PricedModel
        {
            Model = Model,
            Provider = "alpha",
            Capabilities = new() { ContextWindow = 8192, MaxOutputTokens = MaxTokens },
            Prices = [new() { EffectiveFrom = new DateOnly(2026, 1, 1), InputNanoUsdPerMillion = 1, OutputNanoUsdPerMillion = 1 }],
        });
        adapter.EstimateCost(Arg.Any<ModelCall>()).Returns(call => new CostEstimate(
            10, MaxTokens, long.Parse(call.Arg<ModelCall>().Request.Prompt!, System.Globalization.CultureInfo.InvariantCulture)));
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(ledger.Clock)
            .AddSingleton<IQuotaStore>(new QuotaStore(ledger.Database.Contexts))
            .AddSingleton<IBudgetStore>(new BudgetStore(ledger.Database.Contexts))
            .AddSingleton<IRateStore>(new RateStore(ledger.Database.Contexts, ledger.Clock))
            .AddSingleton<ILedger>(ledger.Ledger)
            .AddSingleton(Substitute.For<ITokenCounter>())
            .AddSingleton(Substitute.For<IPriceBook>())
            .AddSingleton(Substitute.For<ISwitchStore>())
            .AddSingleton(Substitute.For<IProviderStore>())
            .AddSingleton(DirectoryOf(adapter))
            .AddApplication(new GatewayDefaults { Model = Model, MaxTokens = MaxTokens, Limits = Defaults }, new RoutingPolicy([]))
            .BuildServiceProvider();
    }
}
