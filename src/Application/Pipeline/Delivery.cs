namespace AiGateway.Application.Pipeline;

/// <summary>The part of a stream that was delivered to its caller.</summary>
/// <param name="TimeToFirstToken">From the request's arrival to the first chunk; null: not a stream.</param>
/// <param name="TextChunks">Chunks with text: at least one token each.</param>
/// <param name="AnswerHasBegun">Whether text of the answer came after the reasoning.</param>
internal readonly record struct Delivery(TimeSpan? TimeToFirstToken, long TextChunks, bool AnswerHasBegun);
