using AiGateway.Application.OpenAiWire;

namespace AiGateway.Infrastructure.Pricing.Tokens;

/// <summary>
/// The most input tokens that one image can cost. OpenAI's rules: tile models bill a base and a share for each tile of
/// 512 pixels, at most 8 tiles (the image is first fitted into 2048 pixels, then to a shorter side of 768); patch models
/// bill at most 1,536 patches, times a factor. Newer models take larger images: their figure is the gateway's own ceiling.
/// Sources: OpenAI's guide to images and vision, Anthropic's guide to vision.
/// </summary>
internal static class ImageTokens
{
    private const int MaxTiles = 8;
    private const int MaxPatches = 1536;

    private static readonly (string Prefix, long Full, long Low)[] Rules =
    [
        ("gpt-4o-mini", 2833 + (MaxTiles * 5667), 2833),
        ("gpt-4.1-mini", Patches(162), Patches(162)),
        ("gpt-4.1-nano", Patches(246), Patches(246)),
        ("o4-mini", Patches(172), Patches(172)),
        ("gpt-4o", 85 + (MaxTiles * 170), 85),
        ("gpt-4.1", 85 + (MaxTiles * 170), 85),
        ("gpt-4-turbo", 85 + (MaxTiles * 170), 85),
        ("o1", 75 + (MaxTiles * 150), 75),
        ("o3", 75 + (MaxTiles * 150), 75),
    ];

    private const long Ceiling = 12_000;

    // Patches of 28 pixels. Models before 4.7 take at most 1,568.
    private const string Claude = "claude-";
    private const long MaxOfClaude = 4_784;

    /// <summary>Tokens of an image in full, or in low, detail. A fine-tuned or resold model follows the rule of its base model.</summary>
    public static long Of(string model, bool isLowDetail)
    {
        if (model.StartsWith(Claude, StringComparison.Ordinal)) return MaxOfClaude;
        if (!OpenAiNames.IsOpenAi(model)) return Ceiling;
        var name = OpenAiNames.BaseOf(model);
        foreach (var (prefix, full, low) in Rules)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return isLowDetail ? low : full;
        }

        return Ceiling;
    }

    private static long Patches(int percent) => ((MaxPatches * percent) + 99) / 100;
}
