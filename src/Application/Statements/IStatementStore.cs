using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Application.Statements;

/// <summary>Reads the usage that was charged to a team in a month.</summary>
public interface IStatementStore
{
    /// <summary>The statement, all of it from one state of the database where the engine allows it; null: there is no such team.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="month">First day of a UTC month.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidRequestException">Records of the month are archived, or it has too many rows or corrections.</exception>
    Task<TeamStatement?> FindAsync(Guid teamId, DateOnly month, CancellationToken cancellationToken);
}

/// <summary>What was charged to a team in a UTC month.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="TeamName">The name that it has now.</param>
/// <param name="Month">First day of the month.</param>
/// <param name="Rows">Usage by project, user, key and model, largest cost first.</param>
/// <param name="Days">The same usage by UTC day, in order.</param>
/// <param name="Corrections">Corrections of the month's requests, whenever they were made, oldest first.</param>
public sealed record TeamStatement(
    Guid TeamId,
    string TeamName,
    DateOnly Month,
    IReadOnlyList<StatementRow> Rows,
    IReadOnlyList<UsageSum> Days,
    IReadOnlyList<UsageCorrection> Corrections)
{
    /// <summary>Whether figures may still change: the month is not over, or a request of it is in progress.</summary>
    public required bool IsPreliminary { get; init; }
}

/// <summary>Usage of one model by one user and key for one project.</summary>
/// <param name="Project">The project; null: none.</param>
/// <param name="User">The user.</param>
/// <param name="Key">The key; null: a token.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Usage">The sums, corrections included.</param>
/// <param name="CorrectionsNanoUsd">The part of the cost that corrections added or took away, in nano-dollars.</param>
public sealed record StatementRow(NamedId? Project, NamedId User, NamedId? Key, string Model, UsageSum Usage, long CorrectionsNanoUsd);

/// <summary>An id with the name that it has now.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name; null: deleted.</param>
public sealed record NamedId(Guid Id, string? Name);
