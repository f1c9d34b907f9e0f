using AiGateway.Application.Budgets;
using AiGateway.Application.Generation;
using AiGateway.Application.Ledger;
using AiGateway.Application.Models;
using AiGateway.Application.Pipeline;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using MediatR;
using NSubstitute;
using NSubstitute.Extensions;

namespace AiGateway.Application.Tests.Pipeline;

/// <summary>The pipeline runs validation, then quota, then usage, then the handler. Both the registered list and the calls are checked.</summary>
public sealed class PipelineOrderTests
{
    private readonly IModelAdapter _adapter = Sample.Adapter("alpha", Sample.Model("m-default"));
    private readonly List<string> _events = [];

    [Test]
    public void Behaviors_OfTheGenerateCommand_AreValidationQuotaUsage()
    {
        using var useCases = new UseCases();

        var behaviors = useCases.Get<IEnumerable<IPipelineBehavior<Generate, GenerateReply>>>().Select(behavior => behavior.GetType());

        Assert.That(behaviors, Is.EqualTo(
            [typeof(ValidationBehavior<Generate, GenerateReply>), typeof(QuotaBehavior), typeof(UsageBehavior)]));
    }

    [Test]
    public void Behaviors_OfAQueryOfTheLedger_AreValidationThenFlush()
    {
        using var useCases = new UseCases();

        var behaviors = useCases.Get<IEnumerable<IPipelineBehavior<EstimateGeneration, GenerationEstimate>>>();

        Assert.That(
            behaviors.Select(behavior => behavior.GetType()),
            Is.EqualTo([typeof(ValidationBehavior<EstimateGeneration, GenerationEstimate>), typeof(LedgerFlushBehavior<EstimateGeneration, GenerationEstimate>)]));
    }

    [Test]
    public void Behaviors_OfAnyOtherCommand_AreValidationAlone()
    {
        using var useCases = new UseCases();

        var behaviors = useCases.Get<IEnumerable<IPipelineBehavior<ListModels, IReadOnlyList<ServedModel>>>>();

        Assert.That(
            behaviors.Select(behavior => behavior.GetType()),
            Is.EqualTo([typeof(ValidationBehavior<ListModels, IReadOnlyList<ServedModel>>)]));
    }

    [Test]
    public async Task Query_OfTheLedger_WaitsForTheSettlementsBeforeIt()
    {
        var commit = new TaskCompletionSource();
        using var useCases = new UseCases();
        useCases.Ledger.Configure().FlushAsync().Returns(commit.Task);

        var answer = useCases.SendAsync(new GetQuotaStatus(Sample.Request().Caller.UserId));

        await useCases.Quotas.DidNotReceiveWithAnyArgs().ReadUseAsync(default, default, default);
        commit.SetResult();
        await answer;
        await useCases.Quotas.ReceivedWithAnyArgs(1).ReadUseAsync(default, default, default);
    }

    [Test]
    public async Task Generate_WhenNothingFails_HoldsThenCallsThenSettles()
    {
        using var useCases = Watched();

        await useCases.SendAsync(Sample.Request());

        Assert.That(_events, Is.EqualTo(["hold", "call", "settle"]));
    }

    [Test]
    public async Task Generate_WhenTheRequestIsInvalid_NeitherHoldsNorCalls()
    {
        using var useCases = Watched();

        await Assert.ThrowsAsync<InvalidRequestException>(() => useCases.SendAsync(Sample.Request() with { Prompt = "" }));

        Assert.That(_events, Is.Empty);
    }

    [Test]
    public async Task Generate_WhileTheHoldIsUndecided_CallsNoProvider()
    {
        var decision = new TaskCompletionSource<HoldDecision>();
        using var useCases = Watched();
        useCases.Ledger.Configure().HoldAsync(Arg.Any<Hold>(), Arg.Any<CancellationToken>()).Returns(decision.Task);

        var reply = useCases.SendAsync(Sample.Request());

        Assert.That(_events, Is.EqualTo(["hold"]));
        decision.SetResult(HoldDecision.Granted);
        await reply;
        Assert.That(_events, Is.EqualTo(["hold", "call", "settle"]));
    }

    [Test]
    public async Task Generate_WhenTheLedgerSaysSo_RepliesAfterTheSettlementIsCommitted()
    {
        var commit = new TaskCompletionSource();
        using var useCases = Watched();
        useCases.Ledger.Configure().HoldAsync(Arg.Any<Hold>(), Arg.Any<CancellationToken>()).Returns(HoldDecision.Granted with { AwaitSettlement = true });
        useCases.Ledger.Configure().SettleAsync(Arg.Is<Settlement>(settlement => settlement.IsAwaited)).Returns(commit.Task);

        var reply = useCases.SendAsync(Sample.Request());

        Assert.That(reply.IsCompleted, Is.False);
        commit.SetResult();
        Assert.That((await reply).Answer.Content, Is.EqualTo("Hi!"));
    }

    [Test]
    public async Task Generate_Otherwise_RepliesBeforeTheCommit()
    {
        using var useCases = Watched();
        useCases.Ledger.Configure().SettleAsync(Arg.Is<Settlement>(settlement => !settlement.IsAwaited)).Returns(new TaskCompletionSource().Task);

        var reply = await useCases.SendAsync(Sample.Request());

        Assert.That(_events, Is.EqualTo(["hold", "call", "settle"]));
        Assert.That(reply.Answer.Content, Is.EqualTo("Hi!"));
    }

    private UseCases Watched()
    {
        var useCases = new UseCases(_adapter);
        useCases.Ledger.WhenForAnyArgs(ledger => ledger.HoldAsync(default!, default)).Do(_ => _events.Add("hold"));
        useCases.Ledger.WhenForAnyArgs(ledger => ledger.SettleAsync(default!)).Do(_ => _events.Add("settle"));
        _adapter.WhenForAnyArgs(adapter => adapter.GenerateAsync(default!, default)).Do(_ => _events.Add("call"));
        return useCases;
    }
}
