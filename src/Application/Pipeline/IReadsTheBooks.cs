namespace AiGateway.Application.Pipeline;

/// <summary>A query whose result must include every request that this gateway answered before.</summary>
internal interface IReadsTheBooks;
