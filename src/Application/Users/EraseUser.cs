using AiGateway.Application.Administration;
using AiGateway.Domain;
using MediatR;

namespace AiGateway.Application.Users;

/// <summary>
/// Erases the personal data of a user and revokes its keys. Records keep their amounts, and the audit log its chain. A second
/// time it erases what came meanwhile.
/// </summary>
public sealed record EraseUser(Actor By, Guid Id) : IRequest<User>, IAdministrativeChange<User>
{
    AdministrativeAction IAdministrativeChange<User>.Describe(User erased) => new(AdminActions.EraseUser, $"user {Id}");
}

internal sealed class EraseUserHandler(IUserErasure erasure, ICallerDirectory callers, TimeProvider time) : IRequestHandler<EraseUser, User>
{
    public async Task<User> Handle(EraseUser command, CancellationToken cancellationToken)
    {
        var user = await erasure.EraseAsync(command.Id, command.By, time.GetUtcNow(), cancellationToken) ?? throw RequireUser.Missing(command.Id);
        callers.Forget();
        return user;
    }
}

/// <summary>Erases the personal data of users.</summary>
public interface IUserErasure
{
    /// <summary>
    /// Replaces the name of a user and the names of its keys by <see cref="User.ErasedName"/>, and its end users by other
    /// names. Removes its external id, its preference, its stored objects, and descriptions, tags and networks of its keys.
    /// Disables the user and revokes the keys. Null when there is no such user.
    /// </summary>
    /// <exception cref="LastAdministratorException">No other user has an active administrator key; nothing was changed.</exception>
    Task<User?> EraseAsync(Guid id, Actor by, DateTimeOffset at, CancellationToken cancellationToken);
}
