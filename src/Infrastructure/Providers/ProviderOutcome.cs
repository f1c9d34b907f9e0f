using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>The result of a call after all its attempts: exactly one of reply and failure is set.</summary>
internal readonly record struct ProviderOutcome(ModelReply? Reply, ProviderException? Failure, int Attempts);
