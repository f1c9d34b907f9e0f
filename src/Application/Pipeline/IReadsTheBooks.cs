namespace AiGateway.Application.Pipeline;

/// <summary>A query whose answer is to show every request that this gateway has answered before.</summary>
internal interface IReadsTheBooks;
