using System.Collections.Frozen;

namespace AiGateway.Application.Requests;

/// <summary>
/// Top-level members of a request in a provider's wire that cost more than its tokens, or make the provider call another
/// system. They are refused unless <c>AI_GATEWAY_ALLOWED_MEMBERS</c> names them; nothing is held for their cost.
/// </summary>
public static class UnpricedMembers
{
    private const string Search = "the provider bills each search, and the price book has no price for it";
    private const string Foreign = "it makes the provider call another system on the organisation's behalf";
    private const string OtherModel = "it lets another model or provider answer, at a price other than the one held";
    private const string Shortened = "the provider reads, and bills, the conversation once more to shorten it";
    private const string OtherPayer = "it changes what the provider bills, and to whom";
    private const string Hosted = "it runs tools at the provider, and the price book has no price for them";

    /// <summary>Each name with its reason, as worded in the refusal.</summary>
    public static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["web_search_options"] = Search,
        ["search_parameters"] = Search,
        ["search_options"] = Search,
        ["search_settings"] = Search,
        ["enable_search"] = Search,
        ["web_search"] = Search,
        ["enable_web_search"] = Search,
        ["plugins"] = Hosted,
        ["mcp_servers"] = Hosted,
        ["compound_custom"] = Hosted,
        ["container"] = Hosted,
        ["agents"] = Hosted,
        ["data_sources"] = Foreign,
        ["api_base"] = Foreign,
        ["base_url"] = Foreign,
        ["api_key"] = Foreign,
        ["extra_headers"] = Foreign,
        ["extra_body"] = "some servers read further members from it, which the gateway does not check",
        ["models"] = OtherModel,
        ["route"] = OtherModel,
        ["provider"] = OtherModel,
        ["preset"] = OtherModel,
        ["fallbacks"] = OtherModel,
        ["context_window_fallbacks"] = OtherModel,
        ["model_list"] = OtherModel,
        ["custom_llm_provider"] = OtherModel,
        ["modalities"] = "the price book has no price for output other than text",
        ["best_of"] = "the provider bills replies that it does not return",
        ["use_beam_search"] = "the provider bills replies that it does not return",
        ["deferred"] = "a reply that ends after the request cannot be charged",
        ["compaction"] = Shortened,
        ["billing_policy"] = OtherPayer,
        ["fallback_credit_token"] = OtherPayer,
        ["context_management"] = Shortened,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Whether a member turns on a tool or a search of the provider, which <see cref="ProviderToolRule.Drop"/> removes.
    /// </summary>
    public static bool IsProviderTool(string name) => Reasons.TryGetValue(name, out var reason) && reason is Search or Hosted;
}
