using AiGateway.Domain;

namespace AiGateway.Infrastructure.Alerts.Formats;

/// <summary>A message of a Slack incoming webhook. Names are plain text: no mark-up, no links, no mentions.</summary>
internal sealed record SlackMessage(string Text, bool Mrkdwn)
{
    public static SlackMessage Of(AlertEvent told) => new(Escape(AlertText.Of(told.Alert, told.ScopeName)), Mrkdwn: false);

    // The three characters that Slack reads as control characters.
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
