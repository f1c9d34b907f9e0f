using Microsoft.ML.Tokenizers;

namespace AiGateway.StandIn;

/// <summary>Splits text into tokens with the model's own tokenizer.</summary>
internal static class Tokens
{
    private const int PerMessage = 3;
    private const int ForReply = 3;

    private static readonly Lazy<TiktokenTokenizer> Old = new(() => TiktokenTokenizer.CreateForEncoding("cl100k_base"));
    private static readonly Lazy<TiktokenTokenizer> New = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    public static long Count(string model, string text) => Of(model).CountTokens(text);

    /// <summary>The tokens of a conversation in chat format. Each message and the reply have framing tokens.</summary>
    public static long CountConversation(string model, IEnumerable<(string Role, string Text)> messages) =>
        ForReply + messages.Sum(message => PerMessage + Count(model, message.Role) + Count(model, message.Text));

    /// <summary>The text in pieces of one token each. A character of several tokens stays whole.</summary>
    public static List<string> Split(string model, string text)
    {
        var pieces = new List<string>();
        var start = 0;
        foreach (var token in Of(model).EncodeToTokens(text, out _))
        {
            var end = token.Offset.End.Value;
            if (end <= start || (end < text.Length && char.IsLowSurrogate(text[end]))) continue;
            pieces.Add(text[start..end]);
            start = end;
        }

        if (start < text.Length) pieces.Add(text[start..]);
        return pieces;
    }

    private static TiktokenTokenizer Of(string model) => KnownModels.HasOldVocabulary(model) ? Old.Value : New.Value;
}
