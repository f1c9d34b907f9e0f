using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.StoredResponses;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Exchange;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>OpenAI, any server that speaks its wire, or an Azure OpenAI resource.</summary>
internal sealed class OpenAiModelAdapter(
    OpenAiClientConnection connection,
    IPriceBook prices,
    ITokenCounter tokens,
    TimeProvider time,
    ILogger<OpenAiModelAdapter> logger)
    : AccountAdapter(connection, ErrorRules.Common, prices, time, logger), IStoredResponseAdapter
{
    private readonly LearnedProfile _learned = new(connection.Account.Profile);

    public override Task<ModelReply> GenerateAsync(ModelCall planned, CancellationToken cancellationToken)
    {
        var call = planned with { Upstream = UpstreamOf(planned.Model.Model), BillsAbortedCalls = Account.Profile.BillsAbortedCalls };
        var endpoint = OpenAiEndpoint.Of(call.Request.Operation, Account.Profile);
        return GenerateAsync(call, endpoint, () => Prepare(call, _learned.For(call.Model.Model)), cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> AskAsync(AskStoredResponse request, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(
            request.RequestId, request.UserId, () => new PreparedRequest(connection.NewRequest(request)), OpenAiResponse.FromStored, endpoint: null, cancellationToken);
        return reply.Body;
    }

    public override CostEstimate EstimateCost(ModelCall call) => CallEstimate.Of(call, tokens);

    public override WireKind WireOf(ModelOperation operation) => OpenAiNames.WireOf(operation);

    public override IReadOnlyList<string> Learned() => _learned.Describe();

    private PreparedRequest Prepare(ModelCall call, OpenAiProfile profile) => new(connection.NewRequest(call, OpenAiEndpoint.ToBody(call, profile)))
    {
        Correct = (status, error) => LearnedProfile.Correct(call, profile, status, error) is { } corrected
            ? Prepare(call, corrected) with { OnAccepted = () => _learned.Remember(call.Model.Model, corrected) }
            : null,
    };
}
