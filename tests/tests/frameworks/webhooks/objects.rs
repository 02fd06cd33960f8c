//! An object of a webhook and one of the Backend API are the same type, with the same members.

use clerk_api::{
    ClerkExt as _,
    clerk_types::{Timestamp, membership::OrganizationMembership, user::User},
};
use clerk_local::LocalClerk;
use clerk_tests::webhooks::{FRAMEWORKS, Work};
use clerk_webhook::{Event, EventData, WebhookEndpoint};

/// What an application keeps of a user.
#[derive(Debug, PartialEq)]
struct Row {
    id: String,
    address: Option<String>,
    name: Option<String>,
    created_at: Timestamp,
}

fn store(user: &User) -> Row {
    Row {
        id: user.id.clone(),
        address: user.primary_email_address().map(|address| address.email_address.clone()),
        name: user.full_name(),
        created_at: user.created_at,
    }
}

fn store_member(member: &OrganizationMembership) -> (Option<&str>, &str, &str) {
    (member.user_id(), member.organization_id(), &member.role)
}

/// The verified events of this type that the handler got.
fn events(work: &Work, event_type: &str) -> Vec<EventData> {
    let handled = work.handled().into_iter();
    let payloads = handled.filter_map(|one| Some(one.split_once(&format!(" {event_type} "))?.1.to_owned()));
    payloads.map(|payload| Event::parse(payload.as_bytes()).unwrap().data).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_function_takes_the_object_of_a_webhook_and_of_the_api() {
    for framework in FRAMEWORKS {
        let local = LocalClerk::start().await.unwrap();
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let (address, work) = framework.serve(WebhookEndpoint::new(&clerk).unwrap());
        local.add_webhook_endpoint(&format!("http://{address}/webhooks")).unwrap();
        let api = clerk.api();
        let user = api.users().create().email_address(["ada@example.com"]).first_name("Ada").send().await.unwrap();
        let organization = api.organizations().create("Acme").created_by(&*user.id).send().await.unwrap();
        assert!(local.wait_for_webhooks().await);

        let [EventData::UserCreated(created)] = &events(&work, "user.created")[..] else { panic!("{framework:?}") };
        let kept = store(created);
        assert_eq!((&*kept.id, kept.address.as_deref()), (&*user.id, Some("ada@example.com")));
        assert_eq!(kept, store(&user));

        let list = api.organization_memberships().list(&*organization.id).send().await.unwrap();
        let joined = events(&work, "organizationMembership.created");
        let [EventData::OrganizationMembershipCreated(joined)] = &joined[..] else { panic!("{framework:?}") };
        assert_eq!(store_member(joined), store_member(&list.data[0]));
        assert_eq!((joined.user_id(), joined.organization_id()), (Some(&*user.id), &*organization.id));

        let founded = events(&work, "organization.created");
        let [EventData::OrganizationCreated(founded)] = &founded[..] else { panic!("{framework:?}") };
        assert_eq!(founded.created_by.as_deref(), Some(&*user.id));
        assert_eq!(founded.name, organization.name);
    }
}
