using System.Net;
using System.Text.Json;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Generation;

/// <summary>
/// The input tokens of a message, in Anthropic's JSON: counted by the provider that would answer, where it can count; else
/// what would be held. Nothing is held or billed.
/// </summary>
public sealed record CountMessageTokens(Generate Request) : IRequest<ModelReply>;

internal sealed class CountMessageTokensValidator : AbstractValidator<CountMessageTokens>
{
    public CountMessageTokensValidator() =>
        RuleFor(count => count.Request).SetValidator(new GenerateValidator()).OverridePropertyName(string.Empty);
}

internal sealed class CountMessageTokensHandler(ModelRouter router) : IRequestHandler<CountMessageTokens, ModelReply>
{
    private static readonly HttpStatusCode[] NotOffered = [HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotImplemented];

    public async Task<ModelReply> Handle(CountMessageTokens query, CancellationToken cancellationToken)
    {
        var (adapter, call) = (await router.PlanAsync(query.Request, cancellationToken)).First;
        if (adapter is ITokenCountingAdapter counter && call.Wire is { Kind: WireKind.AnthropicMessages } wire)
        {
            try
            {
                return await counter.CountTokensAsync(wire, call.Model.Model, call.Request.RequestId, call.Request.UserId, cancellationToken);
            }
            catch (ProviderException failure) when (failure.ProviderStatus is { } status && NotOffered.Contains((HttpStatusCode)status))
            {
                // Some servers of this wire cannot count.
            }
        }

        return new ModelReply { Model = call.Model.Model, Body = JsonSerializer.SerializeToUtf8Bytes(new { input_tokens = call.Worst.PromptTokens }) };
    }
}
