using System.Runtime.ExceptionServices;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Application.Translation;
using AiGateway.Domain;

namespace AiGateway.Application.Routing;

/// <summary>
/// Which targets can be sent a request. One that speaks another wire gets its translation. A target is left out when there is
/// none, when the model does not accept the request, or when a part of its cost has no price there.
/// </summary>
internal static class Eligibility
{
    /// <summary>The targets that are left, each with the request in its wire, in the same order.</summary>
    /// <exception cref="InvalidRequestException">None is left: the refusal of the first target.</exception>
    public static List<Target> Of(List<Target> targets, ModelRequest request)
    {
        InvalidRequestException? refusal = null;
        var left = new List<Target>(targets.Count);
        foreach (var target in targets)
        {
            try
            {
                RequirePrices(target.Call);
                var wire = WireTranslator.ToTarget(target.Call, target.Adapter.WireOf(request.Operation));
                left.Add(ReferenceEquals(wire, request.Wire) ? target : target with { Call = target.Call with { Wire = wire } });
            }
            catch (InvalidRequestException refused)
            {
                refusal ??= refused;
            }
        }

        if (left.Count == 0) ExceptionDispatchInfo.Throw(refusal!);
        if (left.Count > 1) PreferAccepting(left, request);
        return left;
    }

    /// <summary>The refusal of a request that no target of the model supports.</summary>
    /// <param name="asked">The model.</param>
    /// <param name="operation">The operation of the request.</param>
    /// <param name="chats">Whether a target answers chat completions.</param>
    public static InvalidRequestException Unable(string asked, ModelOperation operation, bool chats) => new(
        "model",
        operation == ModelOperation.Responses && chats
            ? $"the provider of the model {asked} has no equivalent of the Responses API. Use POST /v1/chat/completions, or another model"
            : $"the model {asked} does not support this kind of request");

    private static void RequirePrices(ModelCall call)
    {
        var (request, model) = (call.Request, call.Model);
        if (request.ProviderTools.Count > 0 && model.FindUnpriced(request) is { } tool)
        {
            throw new InvalidRequestException(
                "tools",
                $"the model {model.Model} has no price for the tool {tool}, which runs at the provider. Remove the tool, or ask the operator to add its price");
        }

        var unpriced = call.Price.FindUnpriced(request.Surcharges);
        if (unpriced == Surcharges.None) return;
        var (field, value) = unpriced.HasFlag(Surcharges.Fast) ? ("speed", "fast") : ("inference_geo", "us");
        throw new InvalidRequestException(
            field, $"the model {model.Model} has no price for the value {value}. Leave the member out, or ask the operator to add the price");
    }

    // In its own wire a request passes unchanged and the provider decides, unless another target is known to accept it.
    private static void PreferAccepting(List<Target> targets, ModelRequest request)
    {
        if (targets.TrueForAll(static target => target.Call.Model.Traits == ModelTraits.Unknown)) return;
        var used = TraitsInUse.Of(request);
        if (targets.Exists(IsAccepting)) targets.RemoveAll(target => !IsAccepting(target));

        bool IsAccepting(Target target) => !ReferenceEquals(target.Call.Wire, request.Wire) || used.AreAcceptedBy(target.Call.Model.Traits);
    }
}
