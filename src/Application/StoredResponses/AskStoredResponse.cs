using AiGateway.Application.Providers;
using AiGateway.Application.Routing;
using AiGateway.Domain;
using FluentValidation;
using FluentValidation.Results;
using MediatR;

namespace AiGateway.Application.StoredResponses;

/// <summary>
/// Reads, deletes or cancels a stored response, at no charge. It reaches a provider without passing the quota behavior,
/// because it generates nothing.
/// </summary>
/// <param name="RequestId">The request's id.</param>
/// <param name="UserId">The user of the caller.</param>
/// <param name="Id">The response's id.</param>
/// <param name="Action">What to do.</param>
/// <param name="Query">The query string; empty or beginning with a question mark. Its known parameters are passed on.</param>
public sealed record AskStoredResponse(Guid RequestId, Guid UserId, string Id, StoredResponseAction Action, string Query)
    : IRequest<ReadOnlyMemory<byte>>
{
    /// <summary>The models that the caller may use. A response of another model is refused.</summary>
    public ModelAccess AllowedModels { get; init; } = ModelAccess.All;
}

/// <summary>What can be done with a stored response.</summary>
public enum StoredResponseAction
{
    /// <summary>Read it.</summary>
    Get,

    /// <summary>Delete it.</summary>
    Delete,

    /// <summary>Stop it.</summary>
    Cancel,

    /// <summary>Read its input items.</summary>
    InputItems,
}

internal sealed class AskStoredResponseValidator : AbstractValidator<AskStoredResponse>
{
    private const int MaxQueryLength = 2000;

    // A query can hold a thousand names.
    private const int MostFaults = 10;

    public AskStoredResponseValidator()
    {
        RuleFor(query => query.Query).MaximumLength(MaxQueryLength).WithMessage($"must be at most {MaxQueryLength} characters");
        RuleFor(query => query)
            .Custom(static (query, context) =>
            {
                foreach (var fault in FaultsIn(query).Take(MostFaults)) context.AddFailure(fault);
            })
            .When(query => query.Query.Length <= MaxQueryLength);
    }

    private static IEnumerable<ValidationFailure> FaultsIn(AskStoredResponse query)
    {
        var known = StoredResponseQuery.NamesFor(query.Action);
        foreach (var (name, value) in StoredResponseQuery.Read(query.Query).Distinct())
        {
            if (!known.Contains(name))
                yield return new ValidationFailure(name, WhatIsKnown(known));
            else if (name == StoredResponseQuery.Stream && !value.Equals("false", StringComparison.OrdinalIgnoreCase))
                yield return new ValidationFailure(name, "is not supported for stored responses: leave it out and read the whole response");
        }
    }

    private static string WhatIsKnown(IReadOnlyList<string> known) => known.Count == 0
        ? "is not a parameter of this request, which takes none"
        : $"is not a parameter of this request: use {string.Join(", ", known)}";
}

internal sealed class AskStoredResponseHandler(IStoredObjectStore store, IProviderDirectory providers)
    : IRequestHandler<AskStoredResponse, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(AskStoredResponse query, CancellationToken cancellationToken)
    {
        // An id that cannot be stored is not looked up, because the id becomes part of the address at the provider.
        var owned = IsId(query.Id) ? await store.FindAsync(query.UserId, [query.Id], cancellationToken) : [];
        if (owned.Count == 0 || providers.Current.Find(owned[0].Provider) is not IStoredResponseAdapter adapter)
            throw StoredReferences.Missing(query.Id);

        if (owned[0].Model is { } model) AllowedTargets.Require(query.AllowedModels, model);
        var reply = await adapter.AskAsync(query with { Query = StoredResponseQuery.Write(query.Query) }, cancellationToken);
        if (query.Action == StoredResponseAction.Delete) await ForgetAsync(query, cancellationToken);
        return reply;
    }

    private async Task ForgetAsync(AskStoredResponse query, CancellationToken cancellationToken)
    {
        try
        {
            await store.RemoveAsync(query.UserId, query.Id, cancellationToken);
        }
        catch (LedgerUnavailableException failure)
        {
            throw new LedgerUnavailableException(failure.InnerException, wasSent: true);
        }
    }

    private static bool IsId(string id) =>
        id.Length <= StoredObject.MaxIdLength && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
}
