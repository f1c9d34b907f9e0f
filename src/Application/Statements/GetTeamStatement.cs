using System.Globalization;
using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Statements;

/// <summary>What was charged to a team in a UTC month.</summary>
/// <param name="By">The administrator.</param>
/// <param name="TeamId">The team.</param>
/// <param name="Month">The month, as yyyy-MM.</param>
public sealed record GetTeamStatement(Actor By, Guid TeamId, string? Month) : IRequest<TeamStatement>, IReadsLedger, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(ScopeKind.Team, TeamId)];

    /// <summary>First day of the month; null: the text is no month.</summary>
    internal DateOnly? FirstDay =>
        DateOnly.TryParseExact(Month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year < DateOnly.MaxValue.Year ? day : null;
}

internal sealed class GetTeamStatementValidator : AbstractValidator<GetTeamStatement>
{
    public GetTeamStatementValidator() =>
        RuleFor(query => query.FirstDay).NotNull().WithMessage("must be a month such as 2026-11").OverridePropertyName("month");
}

internal sealed class GetTeamStatementHandler(IStatementStore statements) : IRequestHandler<GetTeamStatement, TeamStatement>
{
    public async Task<TeamStatement> Handle(GetTeamStatement query, CancellationToken cancellationToken)
    {
        try
        {
            return await statements.FindAsync(query.TeamId, query.FirstDay!.Value, cancellationToken)
                ?? throw MissingTarget.Of(ScopeKind.Team, query.TeamId);
        }
        catch (InvalidRequestException refusal)
        {
            // The request has no other parameter.
            throw new InvalidRequestException([.. refusal.Faults.Select(fault => fault with { Field = "month" })]);
        }
    }
}
