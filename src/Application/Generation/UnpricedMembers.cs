using System.Collections.Frozen;

namespace AiGateway.Application.Generation;

/// <summary>
/// Top-level members of an OpenAI-compatible request that cost more than its tokens, or make the provider reach another
/// system. They are refused unless <c>AI_GATEWAY_ALLOWED_MEMBERS</c> names them; nothing is held for what they cost.
/// </summary>
public static class UnpricedMembers
{
    private const string Search = "it is billed by the search, which the price book does not price";
    private const string Foreign = "it makes the provider reach another system in the organisation's name";
    private const string OtherModel = "it lets another model or provider answer, whose price is not the one held";
    private const string Hosted = "it runs tools at the provider, which the price book does not price";

    /// <summary>Each with the reason, in the words of the refusal.</summary>
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
        ["extra_body"] = "some servers take further members from it, which the gateway would not see",
        ["models"] = OtherModel,
        ["route"] = OtherModel,
        ["provider"] = OtherModel,
        ["preset"] = OtherModel,
        ["fallbacks"] = OtherModel,
        ["context_window_fallbacks"] = OtherModel,
        ["model_list"] = OtherModel,
        ["custom_llm_provider"] = OtherModel,
        ["modalities"] = "output other than text is billed in tokens that the price book does not price",
        ["best_of"] = "replies are billed that nobody sees",
        ["use_beam_search"] = "replies are billed that nobody sees",
        ["deferred"] = "a reply that ends after the request cannot be charged",
        ["context_management"] = "the provider reads the conversation once more to shorten it",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
