using System.Text.RegularExpressions;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>What a provider's error is about, as its codes and words say. Providers share no codes for these.</summary>
internal static partial class ErrorWords
{
    private static readonly string[] Setup = ["key", "account", "model", "deployment"];

    private static readonly string[] AccountCodes =
    [
        "insufficient_quota", "insufficient_user_quota", "insufficient_balance", "insufficient_credits", "insufficient_funds",
        "billing_hard_limit_reached", "billing_not_active", "billing_error", "payment_required", "credit_balance_exhausted",
        "account_deactivated", "account_suspended", "arrearage", "out_of_credits", "spend_limit_reached", "enforced_spend_limit_reached",
        "contract_spend_limit_reached",
    ];

    // Sentences about money that no fault of a request explains.
    private static readonly string[] AccountPhrases =
    [
        "insufficient balance", "insufficient quota", "insufficient credit", "insufficient funds", "insufficient account balance",
        "credit balance is too low", "billing hard limit", "account is not active", "account is in good standing", "account has been deactivated",
        "account has been suspended", "spend limit", "spending limit", "spend cap", "specified api usage limits", "out of credits",
        "no credits left", "not enough credits", "requires more credits", "exceeded your current quota, please check your plan and billing",
        "quota is not enough", "prepaid balance", "recharge your account", "top up your account",
    ];

    // At a status that refuses access, these words suffice.
    private static readonly string[] AccountNouns = ["quota", "billing", "balance", "credit", "payment", "account", "api key", "api-key", "apikey"];

    private static readonly string[] ContextCodes = ["context_length_exceeded", "exceed_context_size_error", "context_window_exceeded", "prompt_too_long"];

    private static readonly string[] ContextPhrases =
    [
        "maximum context length", "context length exceeded", "exceeds the context length", "exceeds the context window", "exceed context limit",
        "context window exceeded", "exceeds the available context size", "exceeds context size", "context size has been exceeded",
        "prompt is too long", "input is too long for requested model", "maximum prompt length", "maximum model length", "longer than the model's context length",
        "exceeds the maximum number of tokens allowed", "exceeds the maximum number of input tokens", "reduce the length of the messages",
        "greater than the context length", "overflows the context", "total number of tokens in the prompt cannot exceed", "too many input tokens",
        "`inputs` tokens + `max_new_tokens` must be",
    ];

    private static readonly string[] RefusalCodes =
        ["unsupported_parameter", "unknown_parameter", "extra_forbidden", "unrecognized_parameter", "invalid_parameter", "unexpected_keyword"];

    private static readonly string[] RefusalPhrases =
    [
        "unsupported parameter", "unknown parameter", "unrecognized", "not supported", "unsupported", "not permitted", "not allowed", "unexpected",
        "unknown field", "unknown argument", "extra inputs", "extra_forbidden", "does not support", "doesn't support", "instead", "additional properties",
    ];

    /// <summary>Whether the message is about the operator's setup rather than about the request.</summary>
    public static bool NameTheGatewaysSetup(this ProviderErrorBody error) => Hold(error.Message, Setup) || Hold(error.Code, Setup);

    /// <summary>Whether the request exceeds the provider's rate limit by its size alone, so waiting does not help.</summary>
    public static bool NameTheRequestsSize(this ProviderErrorBody error) => Hold(error.Message, ["request too large"]);

    /// <summary>Whether the gateway's account has no money or quota left, or is closed. The operator must act.</summary>
    /// <param name="error">The error.</param>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="asksToWait">Whether the provider names a wait, which cures a rate and no account.</param>
    public static bool AreOfTheAccount(this ProviderErrorBody error, int status, bool asksToWait) => status switch
    {
        402 => true,
        _ when IsAny(error.Type, AccountCodes) || IsAny(error.Code, AccountCodes) => true,
        403 => Hold(error.Message, AccountNouns) || Hold(error.Code, AccountNouns),

        // Google words a rate like an empty account, but names a wait.
        429 when asksToWait => false,

        // A message may quote the request, which must not pass for the provider's own words.
        _ => error.Message is { } words && Hold(Quoted().Replace(words, ""), AccountPhrases),
    };

    /// <summary>Whether the prompt does not fit the model, whatever the words. Agents shorten it then.</summary>
    public static bool AreOfTheContextLength(this ProviderErrorBody error) =>
        IsAny(error.Code, ContextCodes) || IsAny(error.Type, ContextCodes) || (error.Message is { } words && Hold(Quoted().Replace(words, "“”"), ContextPhrases));

    /// <summary>Whether the server does not know or support a member, rather than its value.</summary>
    /// <param name="error">The error.</param>
    /// <param name="member">The member's name.</param>
    public static bool RefuseMember(this ProviderErrorBody error, string member)
    {
        var isBlamed = error.Param?.StartsWith(member, StringComparison.Ordinal) ?? Hold(error.Message, [member]);
        return isBlamed && (IsAny(error.Code, RefusalCodes) || IsAny(error.Type, RefusalCodes) || Hold(error.Message, RefusalPhrases));
    }

    private static bool IsAny(string? code, string[] codes) => code is not null && codes.Contains(code, StringComparer.OrdinalIgnoreCase);

    private static bool Hold(string? text, string[] words) =>
        text is not null && Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("""(?<!\w)'[^']{0,500}'(?!\w)|"[^"]{0,500}"|“[^”]{0,500}”""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
