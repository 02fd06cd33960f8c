// Without clerk-js, the browser sends the form as it is; after a minute the server refuses it.
const clerk = window.Clerk;
const loading = clerk?.load();
const form = document.forms[0];

if (clerk) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const status = form.querySelector("[role=status]");
    status.textContent = "";
    try {
      await loading;
      // Renews the cookie if it has expired, after the computer slept for example.
      if (!(await clerk.session?.getToken())) throw new Error("signed out");
      form.submit();
    } catch {
      status.textContent = "Not sent, because Clerk did not renew your session. Your text is still here.";
    }
  });
}
