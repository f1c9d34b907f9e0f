using AiGateway.Domain;

namespace AiGateway.Application.Ledger;

/// <summary>The output limits that the ledger may choose from. The capacity left decides, in the transaction of the hold.</summary>
/// <param name="Usual">The amount with the usual output limit.</param>
/// <param name="Most">The amount with the largest output limit.</param>
/// <param name="Within">The largest output limit that needs no more than this amount. It is pure.</param>
public sealed record ElasticOutput(HeldAmount Usual, HeldAmount Most, Func<HeldAmount, HeldOutput> Within);

/// <summary>An output limit and what is held for it.</summary>
/// <param name="Limit">Most output tokens of one choice; 0: not even one token fits.</param>
/// <param name="MaxCompletionTokens">Most output tokens, over all choices.</param>
/// <param name="Amount">The amount.</param>
public readonly record struct HeldOutput(long Limit, long MaxCompletionTokens, HeldAmount Amount);

/// <summary>The ledger's answer to a hold.</summary>
/// <param name="Refusal">The exceeded limit; null: the hold is granted.</param>
/// <param name="Chosen">What is held, when the ledger chose the output limit; null: as given.</param>
/// <param name="Rates">The tightest rates after the decision; null: no rate applies.</param>
public readonly record struct HoldDecision(QuotaRefusal? Refusal, HeldOutput? Chosen = null, RateFigures? Rates = null)
{
    /// <summary>The hold is granted as given.</summary>
    public static readonly HoldDecision Granted;

    /// <summary>Whether the hold is granted.</summary>
    public bool IsGranted => Refusal is null;

    /// <summary>
    /// Whether the reply must wait until its settlement is committed: other gateways use the same ledger, and a limit of the
    /// request is nearly used up, so another gateway might refuse what this settlement leaves capacity for.
    /// </summary>
    public bool AwaitSettlement { get; init; }
}
