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
    /// <summary>Gives each target the request in its wire, and removes the targets that cannot be sent it.</summary>
    /// <exception cref="InvalidRequestException">None is left: the refusal of the first target.</exception>
    public static void Keep(List<Target> targets, ModelRequest request)
    {
        InvalidRequestException? refusal = null;
        var kept = 0;
        for (var i = 0; i < targets.Count; i++)
        {
            try
            {
                targets[kept] = InItsWire(targets[i], request);
                kept++;
            }
            catch (InvalidRequestException refused)
            {
                refusal ??= refused;
            }
        }

        if (kept == 0) ExceptionDispatchInfo.Throw(refusal!);
        targets.RemoveRange(kept, targets.Count - kept);
        if (kept > 1) PreferAccepting(targets, request);
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

    private static Target InItsWire(Target target, ModelRequest request)
    {
        RequirePrices(target.Call);
        var wire = WireTranslator.ToTarget(target.Call, target.Adapter.WireOf(request.Operation));
        return ReferenceEquals(wire, request.Wire) ? target : target with { Call = target.Call with { Wire = wire } };
    }

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
        // The request is read only where the answer can differ.
        var first = TraitsOf(targets[0]);
        if (targets.TrueForAll(target => !IsInItsOwnWire(target) || TraitsOf(target) == ModelTraits.Unknown)) return;
        if (targets.TrueForAll(target => IsInItsOwnWire(target) && TraitsOf(target) == first)) return;
        var used = TraitsInUse.Of(request);
        if (targets.Exists(IsAccepting)) targets.RemoveAll(target => !IsAccepting(target));

        bool IsInItsOwnWire(Target target) => ReferenceEquals(target.Call.Wire, request.Wire);

        bool IsAccepting(Target target) => !IsInItsOwnWire(target) || used.AreAcceptedBy(TraitsOf(target));
    }

    private static ModelTraits TraitsOf(Target target) => target.Call.Model.Traits;
}
