using System.Text.Json.Serialization;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Alerts.Formats;

/// <summary>
/// A message with an Adaptive Card, as a Microsoft Teams workflow takes it. Texts are runs of a rich text block, which are
/// plain: a text block would read names as Markdown.
/// </summary>
internal sealed record TeamsMessage(string Type, IReadOnlyList<TeamsAttachment> Attachments)
{
    public static TeamsMessage Of(AlertEvent told)
    {
        var title = told.Alert.Kind switch
        {
            AlertKind.Budget => $"AiGateway: budget at {told.Alert.Percent} %",
            AlertKind.Provider => "AiGateway: provider account",
            AlertKind.Record => "AiGateway: requests with unclear outcome",
            _ => "AiGateway: test",
        };
        var card = new AdaptiveCard(
            "http://adaptivecards.io/schemas/adaptive-card.json", "AdaptiveCard", "1.4",
            [Block(title, "Bolder"), Block(AlertText.Of(told.Alert, told.ScopeName), null)]);
        return new("message", [new("application/vnd.microsoft.card.adaptive", card)]);
    }

    private static CardBlock Block(string text, string? weight) => new("RichTextBlock", [new("TextRun", text, weight)]);
}

/// <summary>The attachment that holds the card.</summary>
internal sealed record TeamsAttachment(string ContentType, AdaptiveCard Content);

/// <summary>The card.</summary>
internal sealed record AdaptiveCard([property: JsonPropertyName("$schema")] string Schema, string Type, string Version, IReadOnlyList<CardBlock> Body);

/// <summary>A block of text.</summary>
internal sealed record CardBlock(string Type, IReadOnlyList<CardRun> Inlines);

/// <summary>A run of text.</summary>
internal sealed record CardRun(string Type, string Text, string? Weight);
