namespace AiGateway.StandIn.Replies;

/// <summary>The text of a reply, in the pieces in which it is streamed.</summary>
internal static class AnswerText
{
    private const string Nothing = "Hello from the stand-in.";

    // Each word with its leading space is one token in both vocabularies.
    private static readonly string[] Words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    /// <summary>The plan's text; else its number of words; else the user's own text without the plan.</summary>
    public static List<string> Of(string model, ReplyPlan plan, string userText)
    {
        if (plan.Chunks is { } chunks) return Counting(chunks, plan.ChunkLength);
        var echo = PlanWord.Read(userText).Text;
        return Tokens.Split(model, plan.Text ?? (echo.Length == 0 ? Nothing : echo));
    }

    private static List<string> Counting(int chunks, int length)
    {
        var pieces = new List<string>(chunks);
        for (var i = 0; i < chunks; i++)
        {
            var word = i == 0 ? Words[0] : $" {Words[i % Words.Length]}";
            var repeats = Math.Max(1, (length + word.Length - 1) / word.Length);
            pieces.Add(repeats == 1 ? word : string.Concat(Enumerable.Repeat(word, repeats)));
        }

        return pieces;
    }
}
