//! Operations on invitations to sign up.

use crate::{
    Page,
    arguments::{Choice, Flag, Integer, Json, Maybe, Text},
    define::operations,
    invitations::{Invitation, InvitationStatus, InvitationTemplateSlug},
};

operations! { Invitations {
    /// Invites somebody to sign up.
    fn create(; body email_address: Text) -> CreateInvitation: "CreateInvitation" POST "/invitations" => Invitation {
        with body {
            public_metadata: Json,
            redirect_url: Text,
            /// `true` unless set.
            notify: Maybe<Flag>,
            /// `false` unless set.
            ignore_existing: Maybe<Flag>,
            /// 1 to 365.
            expires_in_days: Maybe<Integer>,
            template_slug: Choice<InvitationTemplateSlug>,
        }
    }

    /// Lists invitations to sign up.
    fn list() -> ListInvitations: "ListInvitations" GET "/invitations" => Page<Invitation>, streams Invitation, asking paginated {
        query {
            status: Choice<InvitationStatus>,
            query: Text,
            /// `-created_at` unless set.
            order_by: Text,
            paginated: Flag,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
        }
    }

    /// Invites several people, or nobody when one of them cannot be.
    fn bulk_create() -> CreateBulkInvitations: "CreateBulkInvitations" POST "/invitations/bulk" => Vec<Invitation> {
        bulk CreateInvitation
    }

    /// Revokes an invitation to sign up.
    fn revoke(invitation_id) -> RevokeInvitation: "RevokeInvitation" POST "/invitations/{invitation_id}/revoke" => Invitation {}
}}
