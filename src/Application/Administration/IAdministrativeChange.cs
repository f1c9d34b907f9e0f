using MediatR;

namespace AiGateway.Application.Administration;

/// <summary>A change of users, keys, limits or the ledger. <see cref="AdministrationLog{TRequest,TResponse}"/> writes each to the log.</summary>
internal interface IAdministrativeChange<TResponse> : IRequest<TResponse>, IAdministration
{
    /// <summary>The change, once it is made.</summary>
    AdministrativeAction Describe(TResponse response);
}

/// <summary>The change of an administrator. It holds ids, scopes, numbers and file names; never a secret, a user's name or a key's name.</summary>
/// <param name="Name">Such as <c>create_user</c>.</param>
/// <param name="Target">The changed object, such as <c>user 0193...</c>.</param>
/// <param name="Detail">The new values; empty: none to report.</param>
internal readonly record struct AdministrativeAction(string Name, string Target, string Detail = "");
