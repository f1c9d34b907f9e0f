using AiGateway.Application;
using AiGateway.Application.Users;
using AiGateway.Domain;

namespace AiGateway.Api.Auth.Keys;

/// <summary>Checks an API key, and counts failures by the client's address.</summary>
internal sealed class KeyCheck(ICallerDirectory callers, KnownKeys keys, FailedAuthentications failures)
{
    /// <summary>Checks the key of a request.</summary>
    public ValueTask<KeyAnswer> CheckAsync(string secret, HttpContext context)
    {
        var recalled = callers.Recall(secret);
        return recalled.Caller is { } caller ? new(Accept(caller, context)) : LookUpAsync(secret, recalled, context);
    }

    /// <summary>Accepts the caller of a valid key, unless the client's address is in none of its networks.</summary>
    public KeyAnswer Accept(Caller caller, HttpContext context) => keys.TryUse(caller, context)
        ? new(caller, null)

        // The key is valid, so its use from elsewhere is no failed authentication.
        : new(null, new AiGatewayException(
            ErrorCode.PermissionDenied,
            $"Your key may not be used from the address {ClientAddress.Of(context)}. Use it from one of its networks, or ask an administrator to add yours."));

    // A recently valid key is never refused and does not wait for others. Every other key is charged before its look-up, so
    // an address never has more look-ups in progress than failures left. Requests that share a look-up are charged after it:
    // a client that starts with many requests at once is not refused for a valid key.
    private async ValueTask<KeyAnswer> LookUpAsync(string secret, RecalledKey recalled, HttpContext context)
    {
        var address = ClientAddress.Of(context);
        var isCharged = !recalled.WasGood && !recalled.IsPending;
        if (isCharged && failures.Charge(address) is { } wait) return Fail(FailedAuthentications.ToRefusal(wait));
        var isFailure = false;
        AiGatewayException? refusal = null;
        try
        {
            var caller = recalled.IsKnown
                ? null
                : await callers.FindByKeyAsync(secret, recalled.WasGood ? null : ClientAddress.OwnerOf(address), context.RequestAborted);
            if (caller is not null) return Accept(caller, context);
            isFailure = true;
        }
        catch (AiGatewayException failure) when (failure.Code == ErrorCode.Unauthenticated)
        {
            refusal = failure;
            isFailure = true;
        }
        finally
        {
            if (isCharged && !isFailure) failures.GiveBack(address);
        }

        if (!isCharged && failures.Charge(address) is { } late) refusal = FailedAuthentications.ToRefusal(late);
        return Fail(refusal);

        KeyAnswer Fail(AiGatewayException? failure)
        {
            failures.Tell(address);
            return new(null, failure);
        }
    }
}

/// <summary>The result of a check. Without a caller and a failure the key is unknown, revoked or expired, or its user is disabled.</summary>
/// <param name="Caller">The caller; null: the key is not accepted.</param>
/// <param name="Failure">Why it is not accepted, where there is more to say than that it is invalid.</param>
internal readonly record struct KeyAnswer(Caller? Caller, AiGatewayException? Failure)
{
    /// <summary>What is told about an invalid key.</summary>
    public const string Invalid = "The API key is unknown, revoked or expired, or its user is disabled.";
}
