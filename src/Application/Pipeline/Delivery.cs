namespace AiGateway.Application.Pipeline;

/// <summary>What of a stream was delivered to its caller.</summary>
/// <param name="TimeToFirstToken">From the request's arrival to the first chunk; null: it was no stream.</param>
/// <param name="TextChunks">Chunks that held text: a token each at the least.</param>
/// <param name="AnswerHasBegun">Whether text of the answer came, beyond the reasoning before it.</param>
internal readonly record struct Delivery(TimeSpan? TimeToFirstToken, long TextChunks, bool AnswerHasBegun);
